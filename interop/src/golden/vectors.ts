import type { Implementation } from "../implementation.ts";
import { EXPRESSIONS } from "./malformed-input.ts";
import { VALUES } from "./values.ts";

/** Expressions that need no session, for testing a codec in any language. */
export interface Vectors {
  /** Expressions that decode and encode to the same text. */
  readonly values: readonly Vector[];
  /** Expressions that decode, and encode to `canonical`. */
  readonly accepted: readonly (Vector & { readonly canonical: unknown })[];
  /** Expressions that can't be decoded. */
  readonly rejected: readonly Vector[];
}

interface Vector {
  readonly name: string;
  readonly expression: unknown;
}

const ACCEPTED: Readonly<Record<string, unknown>> = {
  "padded base64": ["bytes", "/w=="],
  "bytes that say they are a Uint8Array": ["bytes", "AAE", "Uint8Array"],
  "an error of an unknown class": ["error", "CustomError", "m"],
  "an error with an empty stack place": ["error", "Error", "m", null],
  "a bigint with leading zeros": ["bigint", "007"],
  "keys that may not be used": { constructor: 1, toString: 2, toJSON: 3, ok: 4 },
};

/** The vectors, as an implementation treats them. */
export function recordVectors({ serialize, deserialize }: Implementation): Vectors {
  const again = (expression: unknown) =>
    JSON.parse(serialize(deserialize(JSON.stringify(expression)))) as unknown;
  const isRejected = (expression: unknown) => {
    try {
      deserialize(JSON.stringify(expression));
      return false;
    } catch {
      return true;
    }
  };
  const vectors = (expressions: Readonly<Record<string, unknown>>) =>
    Object.entries(expressions).map(([name, expression]) => ({ name, expression }));
  return {
    values: vectors(VALUES).filter(
      ({ expression }) => JSON.stringify(again(expression)) === JSON.stringify(expression),
    ),
    accepted: vectors(ACCEPTED).map((vector) => ({
      ...vector,
      canonical: again(vector.expression),
    })),
    rejected: vectors(EXPRESSIONS).filter(({ expression }) => isRejected(expression)),
  };
}

/** The vectors as JSON, one per line. */
export function formatVectors(vectors: Vectors): string {
  const lists = Object.entries(vectors).map(
    ([name, list]: [string, readonly object[]]) =>
      `  "${name}": [\n${list.map((each) => `    ${JSON.stringify(each)}`).join(",\n")}\n  ]`,
  );
  return `{\n${lists.join(",\n")}\n}\n`;
}
