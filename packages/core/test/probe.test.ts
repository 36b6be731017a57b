import { describe, expect, onTestFinished, test, vi } from "vitest";
import { RpcSession, RpcStub, RpcTarget, wrapTransport } from "../src/index.ts";
import { probe } from "../src/probe.ts";
import { failure } from "./support/failure.ts";
import { connectEnds, MemoryEnd } from "./support/memory-end.ts";
import { pair, scripted, settle } from "./support/pair.ts";

class Api extends RpcTarget {
  get child() {
    return new Child();
  }
}
class Child extends RpcTarget {}

/** A pair of sessions that announce their extensions, as sessions do by default. */
async function announced() {
  const both = pair(new Api(), { client: { announce: true }, server: { announce: true } });
  await settle();
  return both;
}

describe("probe()", () => {
  test.each([
    ["the published protocol", () => pair(new Api())],
    ["extensions", announced],
  ])("resolves with the time that the peer took, and holds nothing: %s", async (_, connect) => {
    const { client, server, isClean } = await connect();
    expect(await probe(client)).toBeGreaterThan(0);
    expect(await probe(server.getRemoteMain())).toBeGreaterThan(0);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("sends messages that every implementation answers", async () => {
    const { api, sent, say } = scripted();
    const answer = probe(api);
    expect(sent).toEqual([
      ["push", 1],
      ["pull", 1],
    ]);
    say(["resolve", 1, 1]);
    await answer;
    expect(sent.slice(2)).toEqual([["release", 1, 1]]);
  });

  test("asks the peer of the session that a stub belongs to", async () => {
    const { api } = pair(new Api());
    const child = await (api as any).child;
    expect(await probe(child)).toBeGreaterThan(0);
  });

  test("counts a refusal as an answer", async () => {
    const { api, say } = scripted();
    const answer = probe(api);
    say(["reject", 1, ["error", "Error", "No literals here."]]);
    expect(await answer).toBeGreaterThan(0);
  });

  test("gives the peer its time again after this process was stopped", async () => {
    // Not all: the end of a turn, which other files in this process measure, needs `setImmediate`.
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const { api, say } = scripted();
    const answer = probe(api, { timeout: 1_000 });
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(1_000);
    say(["resolve", 1, 1]);
    expect(await answer).toBeGreaterThanOrEqual(0);
  });

  test("rejects after its timeout, and drops a late answer", async () => {
    const { api, session, sent, say, ended } = scripted();
    const error = await failure(probe(api, { timeout: 1 }));
    expect(error).toMatchObject({ code: "PROBE_TIMEOUT" });
    expect(error.message).toMatch(/within 1 ms \(timeout\)/);
    say(["resolve", 1, 1]);
    expect(sent.slice(2)).toEqual([["release", 1, 1]]);
    expect(ended.reason).toBeUndefined();
    expect(session.getStats().imports).toBe(1);
  });

  test("rejects with the reason of a signal, before and after it was sent", async () => {
    const { api, sent } = scripted();
    const reason = new Error("no longer needed");
    expect(await failure(probe(api, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(sent).toEqual([]);
    const controller = new AbortController();
    const answer = failure(probe(api, { signal: controller.signal }));
    controller.abort(reason);
    expect(await answer).toBe(reason);
    expect(sent).toHaveLength(3);
  });

  test("rejects with the reason of the session's end", async () => {
    const { session, transport } = scripted();
    const answer = failure(probe(session));
    const reason = new Error("gone");
    transport.receiver.close(reason);
    expect(await answer).toBe(reason);
    expect(await failure(probe(session))).toBe(reason);
  });

  test.each([
    ["a stub of this process", () => new RpcStub(new Api())],
    ["a target", () => new Api()],
    ["nothing", () => undefined],
  ])("refuses %s", async (_, make) => {
    expect(await failure(probe(make() as never))).toMatchObject({ name: "TypeError" });
  });

  test("refuses a stub that was disposed of", async () => {
    const { api } = pair(new Api());
    const child = await (api as any).child;
    child[Symbol.dispose]();
    expect(await failure(probe(child))).toMatchObject({ code: "DISPOSED" });
  });
});

describe("a transport's receiver", () => {
  test("lets the transport probe, through wrappers as well", async () => {
    const [near, far] = connectEnds();
    const wrapped = wrapTransport(near, {
      receive: (frame, receiver) => receiver.receive(frame),
    });
    const client = new RpcSession(wrapped, undefined, { announce: false });
    new RpcSession(far, new Api(), { announce: false });
    near.receiver.probe!();
    expect(near.sent).toEqual([
      ["push", 1],
      ["pull", 1],
    ]);
    await settle();
    expect(far.sent).toEqual([["resolve", 1, 1]]);
    expect(client.getStats()).toEqual({ imports: 1, exports: 1 });
  });

  test("sends no probe once the session is over", () => {
    const transport = new MemoryEnd();
    new RpcSession(transport, undefined, { announce: false });
    transport.receiver.close(new Error("gone"));
    transport.receiver.probe!();
    expect(transport.sent).toEqual([]);
  });
});
