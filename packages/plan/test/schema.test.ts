import { readFileSync } from "node:fs";
import { deserialize } from "@capnweb/wire";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { OPERATORS } from "../src/index.ts";

const read = (url: string) => JSON.parse(readFileSync(new URL(url, import.meta.url), "utf8"));

const schema = read("../plan.schema.json");

interface Vector {
  readonly name: string;
  readonly plan: unknown;
  readonly error?: { readonly code?: string };
}

const all: readonly Vector[] = read("../../testkit/vectors/plans.json").vectors;
const vectors = all.filter((vector) => "plan" in vector);
const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);
const planOf = (vector: Vector) => deserialize(JSON.stringify(vector.plan));
const isInvalid = ({ error }: Vector) => error?.code === "PLAN_INVALID";

/** Rules about several places of a plan, or about the number of an operator's arguments. */
const BEYOND_A_SCHEMA = [
  "a plan with one number for two results",
  "a plan with a forward reference",
  "a plan with a reference of a step to itself",
  "a plan whose result is of no step",
  "a plan with the result of an inner block",
  "a plan with the result of a sibling block",
  "a plan with a variable that isn't declared",
  "a plan with a variable that is declared later",
  "a plan with a variable of an inner block",
  "a plan that declares a variable twice in a block",
  "a plan that sets a variable that isn't declared",
  "a plan that sets a variable from within a map",
  "a plan with break outside of a loop",
  "a plan with continue outside of a loop",
  "a plan with break in a map",
  "a plan with too few arguments of an operator",
  "a plan with too many arguments of an operator",
];

describe("the JSON Schema of plans", () => {
  it("accepts the plans of all vectors that aren't invalid", () => {
    const refused = vectors
      .filter((vector) => !isInvalid(vector))
      .filter((vector) => !validate(planOf(vector)))
      .map(({ name }) => name);
    expect(refused).toEqual([]);
  });

  it("lists the operators", () => {
    const { op } = schema.$defs.statement.oneOf
      .map((each: any) => each.properties)
      .find((each: any) => "op" in each);
    expect(op.properties.name.enum.toSorted()).toEqual([...OPERATORS.keys()].toSorted());
  });

  it("refuses the invalid plans, except for rules that a schema can't express", () => {
    const accepted = vectors
      .filter(isInvalid)
      .filter((vector) => validate(planOf(vector)))
      .map(({ name }) => name);
    expect(accepted).toEqual(BEYOND_A_SCHEMA);
  });
});
