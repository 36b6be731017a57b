/** The kinds of failures that `fail(kind)` throws. */
export type FailureKind =
  | "plain"
  | "props"
  | "cause"
  | "aggregate"
  | "custom"
  | "later"
  | "string"
  | "undefined"
  | "object"
  | "unsendable";

const FAILURES: Readonly<Record<FailureKind, () => unknown>> = {
  plain() {
    throw new Error("failed");
  },
  props() {
    throw Object.assign(new TypeError("with properties"), { code: "E", list: [1] });
  },
  cause() {
    throw new Error("outer", { cause: new RangeError("inner") });
  },
  aggregate() {
    throw new AggregateError([new Error("one"), 2], "several");
  },
  custom() {
    throw new CustomError("custom");
  },
  async later() {
    await Promise.resolve();
    throw new SyntaxError("later");
  },
  string() {
    throw "just text";
  },
  undefined() {
    throw undefined;
  },
  object() {
    throw { code: 5, nested: { list: [1] } };
  },
  unsendable: () => ({ map: new Map() }),
};

class CustomError extends Error {
  override name = "CustomError";
}

/** Throws the failure of a kind. */
export function fail(kind: FailureKind): unknown {
  return FAILURES[kind]();
}
