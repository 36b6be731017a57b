import { expect, test, vi } from "vitest";
import { closeReason } from "../src/close-reason.ts";

test.each(["a", "é", "€", "😀"])(
  "a reason of many %s is cut to 123 bytes, between characters",
  (character) => {
    const bytes = new TextEncoder().encode(character).length;
    const reason = closeReason(new Error(character.repeat(200)));
    expect(reason).toBe(character.repeat(Math.floor(123 / bytes)));
  },
);

test("a runtime without TextEncoder gives a reason, as React Native has none", () => {
  vi.stubGlobal("TextEncoder", undefined);
  try {
    expect(closeReason(new Error("over"))).toBe("over");
  } finally {
    vi.unstubAllGlobals();
  }
});
