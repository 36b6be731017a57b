import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const SAMPLES = Array.from({ length: 70 }, (_, length) =>
  Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256),
);

/** The module as it is in a runtime without the given facilities. */
async function load(missing: { buffer: boolean }) {
  if (missing.buffer) vi.stubGlobal("Buffer", undefined);
  vi.resetModules();
  return import("../src/base64.ts");
}

test.each([{ buffer: false }, { buffer: true }])(
  "base64 survives a round trip in a runtime without %o",
  async (missing) => {
    const { fromBase64, toBase64 } = await load(missing);
    for (const sample of [...SAMPLES, new Uint8Array(100_000).fill(7)]) {
      const text = toBase64(sample);
      expect(text).toMatch(/^[A-Za-z0-9+/]*$/);
      const back = fromBase64(text);
      expect(back.byteLength).toBe(sample.byteLength);
      expect(back.every((byte, i) => byte === sample[i])).toBe(true);
      expect(fromBase64(text + "=".repeat((4 - (text.length % 4)) % 4)).byteLength).toBe(
        sample.byteLength,
      );
    }
  },
);

test.each([{ buffer: false }, { buffer: true }])(
  "base64 refuses malformed text in a runtime without %o",
  async (missing) => {
    const { fromBase64 } = await load(missing);
    for (const text of ["a", "ab!d", "a b c d e", "=", "ab==cd", "ab===", "\u{1f600}abc"]) {
      expect(() => fromBase64(text), text).toThrow("Invalid base64");
    }
  },
);
