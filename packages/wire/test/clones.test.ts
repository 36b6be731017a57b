import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, Decoder, type EncodingLevel, type Limits } from "../src/index.ts";
import { sessionlessTable } from "../src/sessionless.ts";

class TestDecoder extends Decoder {
  override defer(): never {
    throw new Error("not without a session");
  }
}

function decode(
  expression: unknown,
  limits: Partial<Limits> = {},
  level: EncodingLevel = "structuredClonable",
): any {
  const decoder = new TestDecoder(sessionlessTable, level, { ...DEFAULT_LIMITS, ...limits });
  return decoder.decode(expression, {}, "");
}

describe("a native bigint", () => {
  test("is compared with a power that is computed once", () => {
    // Computed once per bigint, it would take minutes.
    const many = Array<bigint>(2_000).fill(1n);
    expect(decode([many], { maxBigIntDigits: 1_000_000 })).toEqual(many);
  });

  test.each([0, 1, 20])("may have %i digits, and no more", (maxBigIntDigits) => {
    const most = 10n ** BigInt(maxBigIntDigits) - 1n;
    expect(decode([[most, -most]], { maxBigIntDigits })).toEqual([most, -most]);
    for (const long of [most + 1n, -most - 1n]) {
      expect(() => decode(long, { maxBigIntDigits })).toThrow(/exceeds maximum length/);
    }
  });

  test("may have any number of digits if there is no limit", () => {
    const maxBigIntDigits = Number.POSITIVE_INFINITY;
    expect(decode(5n, { maxBigIntDigits })).toBe(5n);
  });
});

describe.each(["jsonCompatibleWithBytes", "structuredClonable"] as const)(
  "bytes in shared memory, at level %s",
  (level) => {
    test.each([
      undefined,
      "ArrayBuffer",
      "DataView",
      "Uint8ClampedArray",
      "Int16Array",
      "Float64Array",
    ])("can't be changed by the sender once they are decoded, as %s", (name) => {
      for (const length of [16, 8]) {
        const shared = new Uint8Array(new SharedArrayBuffer(16), 0, length).fill(1);
        const value = decode(name ? ["bytes", shared, name] : ["bytes", shared], {}, level);
        const buffer: unknown = name === "ArrayBuffer" ? value : value.buffer;
        shared.fill(2);
        expect(buffer).toBeInstanceOf(ArrayBuffer);
        expect([...new Uint8Array(buffer as ArrayBuffer)]).toEqual(Array(length).fill(1));
      }
    });
  },
);

describe("a copy of bytes in many places of a clone", () => {
  const limits = { maxValues: 10_000 };
  const views: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
    ["shared memory", new Uint8Array(new SharedArrayBuffer(16_000)), (bytes) => ["bytes", bytes]],
    [
      "a part of a buffer",
      new Uint8Array(32_000).subarray(0, 16_000),
      (bytes) => ["bytes", bytes, "DataView"],
    ],
    ["bodies", new Uint8Array(16_000), (bytes) => ["response", ["bytes", bytes], {}]],
  ];

  test.each(views)("counts for maxValues: %s", (_, bytes, expression) => {
    const times = (count: number) => [Array.from({ length: count }, () => expression(bytes))];
    expect(decode(times(3), limits)).toHaveLength(3);
    expect(() => decode(times(11), limits)).toThrow(/limits\.maxValues/);
  });

  test("isn't made of native bytes that the receiver alone has", () => {
    const bytes = new Uint8Array(1_000_000);
    expect(decode(["bytes", bytes], limits)).toBe(bytes);
    expect(decode(["bytes", bytes, "ArrayBuffer"], limits)).toBe(bytes.buffer);
  });
});
