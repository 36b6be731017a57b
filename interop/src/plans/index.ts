import type { Implementation } from "../implementation.ts";
import { FAILURES } from "./failures.ts";
import { OPERATORS } from "./operators.ts";
import { STATEMENTS } from "./statements/index.ts";
import type { PlanVector } from "./vector.ts";

export type { PlanVector } from "./vector.ts";

export const PLAN_VECTORS: readonly PlanVector[] = [...STATEMENTS, ...OPERATORS, ...FAILURES];

/** The vectors as JSON, one per line. Plans, params and results are expressions. */
export function formatPlanVectors({ serialize }: Pick<Implementation, "serialize">): string {
  const lines = PLAN_VECTORS.map((vector) => {
    const { plan, params, result, ...rest } = vector;
    const fields = [
      `"name":${JSON.stringify(rest.name)}`,
      ...("plan" in vector ? [`"plan":${serialize(plan)}`] : []),
      ...("params" in vector ? [`"params":${serialize(params)}`] : []),
      ...("result" in vector ? [`"result":${serialize(result)}`] : []),
      ...(["hash", "error", "notes", "limits"] as const)
        .filter((key) => rest[key] !== undefined)
        .map((key) => `"${key}":${JSON.stringify(rest[key])}`),
    ];
    return `    {${fields.join(",")}}`;
  });
  return `{\n  "vectors": [\n${lines.join(",\n")}\n  ]\n}\n`;
}
