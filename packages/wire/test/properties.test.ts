import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expressionLike, messageLike, value } from "../../testkit/src/arbitraries/index.ts";
import {
  checkMessage,
  DEFAULT_LIMITS,
  DepthError,
  deserialize,
  EncodeError,
  ExpressionError,
  LimitError,
  MessageSyntaxError,
  ProtocolError,
  parseMessage,
  serialize,
} from "../src/index.ts";
import { carry, decode, encode, LEVELS } from "./support/codec.ts";

const TYPED = [ExpressionError, LimitError, MessageSyntaxError, ProtocolError];

/** Runs `act`, and requires that it throws only the errors that it documents. */
function typedErrorsOnly(act: () => unknown, classes: readonly Function[] = TYPED): void {
  try {
    act();
  } catch (error) {
    if (!classes.some((each) => error instanceof (each as any))) throw error;
  }
}

describe.each(LEVELS)("a codec at level %s", (level) => {
  test("returns every value as it was", () => {
    fc.assert(
      fc.property(value, (original) => {
        const arrived = decode(carry(encode(original, level), level), level);
        expect(serialize(arrived)).toBe(serialize(original));
        expect(withoutBuffers(arrived)).toEqual(original);
      }),
      { numRuns: 300 },
    );
  });

  test("throws only typed errors at any expression", () => {
    fc.assert(
      fc.property(expressionLike, (tree) => {
        typedErrorsOnly(() => decode(carry(tree, level), level));
      }),
      { numRuns: 1000 },
    );
  });

  test("decodes nothing with a prototype or member that a peer chose", () => {
    fc.assert(
      fc.property(expressionLike, (tree) => {
        typedErrorsOnly(() => inspect(decode(carry(tree, level), level)));
      }),
      { numRuns: 500 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as any).polluted).toBe(undefined);
  });
});

/** A copy without Buffers. Bytes arrive in Node as a Buffer, a Uint8Array with more methods. */
function withoutBuffers(arrived: unknown): unknown {
  if (Buffer.isBuffer(arrived)) return new Uint8Array(arrived);
  if (Array.isArray(arrived)) return arrived.map(withoutBuffers);
  if (typeof arrived !== "object" || arrived === null) return arrived;
  if (Object.getPrototypeOf(arrived) !== Object.prototype) return arrived;
  return Object.fromEntries(
    Object.entries(arrived).map(([name, each]) => [name, withoutBuffers(each)]),
  );
}

/** The classes that a decoded object may be an instance of, besides byte views. */
const PROTOTYPES: readonly unknown[] = [
  Object,
  Array,
  ArrayBuffer,
  Date,
  Error,
  AggregateError,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  URL,
  Headers,
  Request,
  Response,
].map((type) => type.prototype);

function inspect(decoded: unknown): void {
  if (typeof decoded !== "object" || decoded === null || ArrayBuffer.isView(decoded)) return;
  const prototype = Object.getPrototypeOf(decoded);
  // Compared here, because the matchers look into prototypes, and some of these don't allow that.
  expect(PROTOTYPES.includes(prototype)).toBe(true);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return;
  for (const key of Object.keys(decoded)) {
    expect(key in Object.prototype).toBe(false);
    inspect((decoded as any)[key]);
  }
}

test("parseMessage throws only typed errors at any text", () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    messageLike.map((tree) => JSON.stringify(tree)),
  );
  fc.assert(
    fc.property(text, (each) => {
      typedErrorsOnly(() => parseMessage(each, DEFAULT_LIMITS));
      typedErrorsOnly(() => deserialize(each));
    }),
    { numRuns: 1000 },
  );
});

test("checkMessage throws only typed errors at any value", () => {
  fc.assert(
    fc.property(fc.oneof(messageLike, fc.anything()), (tree) => {
      typedErrorsOnly(() => checkMessage(tree));
    }),
    { numRuns: 1000 },
  );
});

test("serialize throws only typed errors at any value", () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
      (each) => {
        typedErrorsOnly(() => serialize(each), [EncodeError, DepthError]);
      },
    ),
    { numRuns: 1000 },
  );
});

describe("the cost of decoding", () => {
  /** The number of times that the decoder looks at a node of a message, counted by getters. */
  function looksAt(count: number): number {
    let looks = 0;
    const list: unknown[] = [];
    for (let i = 0; i < count; i++) {
      const node = {};
      Object.defineProperty(node, "v", {
        enumerable: true,
        configurable: true,
        get() {
          looks++;
          return 1;
        },
      });
      list.push(node);
    }
    decode([list], "jsonCompatible");
    return looks;
  }

  test("is one visit per node", () => {
    expect(looksAt(10)).toBe(10);
    expect(looksAt(1000)).toBe(1000);
  });

  test("is bounded for an error message, which shows only a part of a huge or deep message", () => {
    const huge = ["nope", "x".repeat(1_000_000)];
    expect(() => decode(huge)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{1,1100}$/s) }),
    );
    let deep: unknown = 1;
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(() => checkMessage(deep)).toThrow(ProtocolError);
  });

  test("is bounded for a million brackets, which are refused without following them", () => {
    expect(() => deserialize(`${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`)).toThrow(/./);
  });
});
