import { PlanLimitError } from "../errors.ts";
import { OPERATORS } from "../operators/names.ts";
import type { PlanLimits } from "../shape/limits.ts";
import { isKey, isReserved } from "../shape/names.ts";
import { asList, Fields, invalid, onlyKey, quoted } from "./fields.ts";
import { type Counts, readSource } from "./read-source.ts";
import { FrameShape, Scope } from "./scope.ts";
import type { Read, Step, Variable } from "./tree.ts";

const FOR_EACH = ["over", "as", "body", "result"];

/** Reads the operations of one plan. */
export class StepReader implements Counts {
  captures = 0;
  sources = 0;
  operations = 0;
  readonly #limits: PlanLimits;
  readonly #numbers = new Set<number>();

  constructor(limits: PlanLimits) {
    this.#limits = limits;
  }

  /** Reads the operations of a block, whose results are added to `scope`. */
  readBlock(value: unknown, place: string, scope: Scope): readonly Step[] {
    if (scope.nesting > this.#limits.maxNesting)
      throw new PlanLimitError(this.#limits, "maxNesting");
    return asList(value, place).map((op, i) => this.#readOp(op, `${place}[${i}]`, scope));
  }

  #readOp(value: unknown, place: string, scope: Scope): Step {
    if (++this.operations > this.#limits.maxOperations) {
      throw new PlanLimitError(this.#limits, "maxOperations");
    }
    const kind = onlyKey(value, place);
    const read = Object.hasOwn(this.#kinds, kind) ? this.#kinds[kind] : undefined;
    if (!read) throw invalid(place, `is no operation: ${quoted(kind)}`);
    return read((value as Record<string, unknown>)[kind], `${place}.${kind}`, scope);
  }

  readonly #kinds: Readonly<Record<string, (value: unknown, place: string, scope: Scope) => Step>> =
    {
      call: (value, place, scope) => {
        const fields = new Fields(value, place, ["target", "args", "result"], ["member"]);
        const target = this.#source(fields, "target", scope);
        const member = fields.has("member") ? memberOf(fields) : undefined;
        const args = this.#sources(fields, "args", scope);
        return { kind: "call", target, member, args, ...this.#numbered(fields, scope) };
      },

      get: (value, place, scope) => {
        const fields = new Fields(value, place, ["target", "path", "result"]);
        const target = this.#source(fields, "target", scope);
        return { kind: "get", target, path: fields.path("path"), ...this.#numbered(fields, scope) };
      },

      object: (value, place, scope) => {
        const fields = new Fields(value, place, ["fields", "result"]);
        const list = Object.entries(fields.object("fields")).map(([key, source]) => {
          const at = `${fields.at("fields")}.${key}`;
          if (!isKey(key) || key === "then") throw invalid(at, "isn't a name that can travel");
          return [key, readSource(source, at, scope, this)] as const;
        });
        return { kind: "object", fields: list, ...this.#numbered(fields, scope) };
      },

      array: (value, place, scope) => {
        const fields = new Fields(value, place, ["items", "result"]);
        const items = this.#sources(fields, "items", scope);
        return { kind: "array", items, ...this.#numbered(fields, scope) };
      },

      op: (value, place, scope) => {
        const fields = new Fields(value, place, ["name", "args", "result"]);
        const name = fields.value("name");
        const operator = typeof name === "string" ? OPERATORS.get(name) : undefined;
        if (!operator) throw invalid(fields.at("name"), `is no operator: ${quoted(String(name))}`);
        const args = this.#sources(fields, "args", scope);
        if (args.length < operator.least || args.length > operator.most) {
          throw invalid(
            fields.at("args"),
            `has the wrong number of arguments for ${operator.name}`,
          );
        }
        return { kind: "op", name: operator.name, args, ...this.#numbered(fields, scope) };
      },

      if: (value, place, scope) => {
        const fields = new Fields(value, place, ["cond", "then", "else", "value", "result"]);
        const cond = this.#source(fields, "cond", scope);
        const values = fields.list("value");
        if (values.length !== 2) throw invalid(fields.at("value"), "must have two sources");
        const branch = (key: string, i: number): [readonly Step[], Read] => {
          const inner = new Scope(scope, scope.frame, scope.isInLoop);
          const steps = this.readBlock(fields.value(key), fields.at(key), inner);
          return [steps, readSource(values[i], `${fields.at("value")}[${i}]`, inner, this)];
        };
        const [thenSteps, thenValue] = branch("then", 0);
        const [elseSteps, elseValue] = branch("else", 1);
        return {
          kind: "if",
          cond,
          branches: [thenSteps, elseSteps],
          values: [thenValue, elseValue],
          ...this.#numbered(fields, scope),
        };
      },

      map: (value, place, scope) => this.#concurrent("map", "value", value, place, scope),
      filter: (value, place, scope) => this.#concurrent("filter", "cond", value, place, scope),
      find: (value, place, scope) => this.#search("find", value, place, scope),
      exists: (value, place, scope) => this.#search("exists", value, place, scope),
      all: (value, place, scope) => this.#search("all", value, place, scope),

      reduce: (value, place, scope) => {
        const fields = new Fields(value, place, [...FOR_EACH, "acc", "init", "value"], ["index"]);
        const init = this.#source(fields, "init", scope);
        const inner = new Scope(scope);
        const acc = this.#declare(fields, "acc", inner);
        const each = this.#forEach(fields, "value", scope, inner);
        return { kind: "reduce", acc, init, ...each };
      },

      loop: (value, place, scope) => {
        const isWhile =
          typeof value === "object" && value !== null && Object.hasOwn(value, "while");
        return isWhile ? this.#while(value, place, scope) : this.#loop(value, place, scope);
      },

      break: (value, place, scope) => this.#jump("break", value, place, scope),
      continue: (value, place, scope) => this.#jump("continue", value, place, scope),

      let: (value, place, scope) => {
        const fields = new Fields(value, place, ["name", "value"]);
        const source = this.#source(fields, "value", scope);
        return { kind: "let", variable: this.#declare(fields, "name", scope), value: source };
      },

      set: (value, place, scope) => {
        const fields = new Fields(value, place, ["name", "value"]);
        const name = fields.name("name");
        const source = this.#source(fields, "value", scope);
        const place_ = scope.variable(name);
        if (!place_) throw invalid(fields.at("name"), "isn't a variable that is declared here");
        if (place_.up > 0) {
          const problem =
            "is a variable from outside of a map or filter, whose elements run at once";
          throw invalid(fields.at("name"), problem);
        }
        return { kind: "set", variable: { name, slot: place_.index }, value: source };
      },

      try: (value, place, scope) => {
        const required = ["body", "value", "as", "catch", "otherwise", "result"];
        const fields = new Fields(value, place, required);
        const body = new Scope(scope);
        const steps = this.readBlock(fields.value("body"), fields.at("body"), body);
        const read = this.#source(fields, "value", body);
        const inner = new Scope(scope);
        const failure = this.#declare(fields, "as", inner);
        const caught = this.readBlock(fields.value("catch"), fields.at("catch"), inner);
        const otherwise = this.#source(fields, "otherwise", inner);
        const numbered = this.#numbered(fields, scope);
        return { kind: "try", steps, value: read, failure, catch: caught, otherwise, ...numbered };
      },
    };

  #concurrent(
    kind: "map" | "filter",
    key: string,
    value: unknown,
    place: string,
    scope: Scope,
  ): Step {
    const fields = new Fields(value, place, [...FOR_EACH, key], ["index"]);
    const inner = new Scope(scope, new FrameShape(scope.frame.depth + 1));
    const each = this.#forEach(fields, key, scope, inner);
    return { kind, ...each, slots: inner.frame.slots };
  }

  #search(kind: "find" | "exists" | "all", value: unknown, place: string, scope: Scope): Step {
    const fields = new Fields(value, place, [...FOR_EACH, "cond"], ["index"]);
    return { kind, ...this.#forEach(fields, "cond", scope, new Scope(scope)) };
  }

  #loop(value: unknown, place: string, scope: Scope): Step {
    const fields = new Fields(value, place, [...FOR_EACH, "value"], ["index"]);
    const inner = new Scope(scope, scope.frame, true);
    return { kind: "loop", ...this.#forEach(fields, "value", scope, inner) };
  }

  #while(value: unknown, place: string, scope: Scope): Step {
    const required = ["test", "while", "max", "body", "value", "result"];
    const fields = new Fields(value, place, required);
    const test = new Scope(scope);
    const testSteps = this.readBlock(fields.value("test"), fields.at("test"), test);
    const cond = this.#source(fields, "while", test);
    const inner = new Scope(scope, scope.frame, true);
    const steps = this.readBlock(fields.value("body"), fields.at("body"), inner);
    return {
      kind: "while",
      test: testSteps,
      cond,
      max: fields.index("max"),
      steps,
      value: this.#source(fields, "value", inner),
      ...this.#numbered(fields, scope),
    };
  }

  #forEach(fields: Fields, key: string, scope: Scope, inner: Scope) {
    const over = this.#source(fields, "over", scope);
    const item = this.#declare(fields, "as", inner);
    const index = fields.has("index") ? this.#declare(fields, "index", inner) : undefined;
    const steps = this.readBlock(fields.value("body"), fields.at("body"), inner);
    const value = this.#source(fields, key, inner);
    return { over, item, index, steps, value, slots: 0, ...this.#numbered(fields, scope) };
  }

  #jump(kind: "break" | "continue", value: unknown, place: string, scope: Scope): Step {
    const fields = new Fields(value, place, ["if"]);
    if (!scope.isInLoop) throw invalid(place, "isn't in a loop");
    return { kind, cond: this.#source(fields, "if", scope) };
  }

  #declare(fields: Fields, key: string, scope: Scope): Variable {
    const name = fields.name(key);
    if (scope.hasOwn(name)) throw invalid(fields.at(key), "is declared in this block already");
    return scope.declare(name);
  }

  #numbered(fields: Fields, scope: Scope): { number: number; slot: number } {
    const number = fields.index("result");
    if (this.#numbers.has(number))
      throw invalid(fields.at("result"), "is the number of another step");
    this.#numbers.add(number);
    const slot = scope.reserve();
    scope.addResult(number, slot);
    return { number, slot };
  }

  #source(fields: Fields, key: string, scope: Scope): Read {
    return readSource(fields.value(key), fields.at(key), scope, this);
  }

  #sources(fields: Fields, key: string, scope: Scope): readonly Read[] {
    const place = fields.at(key);
    return fields.list(key).map((each, i) => readSource(each, `${place}[${i}]`, scope, this));
  }
}

function memberOf(fields: Fields): string {
  const member = fields.value("member");
  if (isKey(member) && !isReserved(member)) return member;
  throw invalid(fields.at("member"), "isn't the name of a method that a peer can have");
}
