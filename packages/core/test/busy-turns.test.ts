// A busy turn leaves work to the next one. Rejections that nothing has seen by then would end the
// process.
import { describe, expect, test } from "vitest";
import { RpcTarget } from "../src/index.ts";
import { scripted } from "./support/pair.ts";
import { unhandledRejections } from "./support/unhandled.ts";

/** Milliseconds for which a slow method blocks the thread. */
const SLOW = 12;

class Api extends RpcTarget {
  #come: ((value: unknown) => void) | undefined;
  later() {
    return new Promise((come) => {
      this.#come = come;
    });
  }
  /** Gives a value that holds a promise which has failed, in a turn that has lasted too long. */
  come() {
    const end = performance.now() + SLOW;
    while (performance.now() < end);
    this.#come?.({ fails: Promise.reject(new Error("no part")), rest: [{ x: 1 }] });
  }
  take() {}
}

describe("a result with a promise that has failed", () => {
  // Whenever the session ends: while the result is on its way, and while work is left to do.
  test.each(Array.from({ length: 16 }, (_, i) => i))(
    "doesn't end the process if the session ends %i microtasks later",
    async (microtasks) => {
      const unhandled = await unhandledRejections(async () => {
        const { say, ended } = scripted(new Api(), { onSendError() {} });
        say(["push", ["pipeline", 0, ["later"], []]]);
        // Only turns with many messages are watched.
        for (let i = 0; i < 100; i++) say(["push", ["pipeline", 0, ["take"], []]]);
        say(["push", ["pipeline", 0, ["come"], []]]);
        for (let i = 0; i < microtasks; i++) await undefined;
        say(["release", 1, 2]);
        for (let i = 0; i < 20; i++) await new Promise((next) => setImmediate(next));
        expect(ended.reason).toBeDefined();
      });
      expect(unhandled).toEqual([]);
    },
  );
});
