import { currentCall, RpcStub, RpcTarget } from "@capnweb/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { CallIt } from "../src/server/call-it.ts";

class Slow extends RpcTarget {
  signal: AbortSignal | undefined;

  wait() {
    this.signal = currentCall().signal;
    return new Promise(() => {});
  }
}

test("a call by hand without an answer is given up, and says so", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const slow = new Slow();
  const calls = new CallIt({ list: () => [], open: () => new RpcStub<any>(slow) });
  const outcome = calls.call("server", "wait", "[]");
  await vi.advanceTimersByTimeAsync(29_000);
  expect(slow.signal!.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await outcome).toMatchObject({ ok: false, text: expect.stringContaining("30 seconds") });
  expect(slow.signal!.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});
