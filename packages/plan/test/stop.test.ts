import { callOptions, currentCall, RpcSession, RpcStub, RpcTarget } from "@capnweb/core";
import { createMemoryLink } from "@capnweb/testkit";
import { expect, test } from "vitest";
import { PlanRunner, plan } from "../src/index.ts";
import { Cancellable, connect, errorOf, Tools } from "./support.ts";

/** A target that notes the context of its calls. */
class Waiting extends Cancellable {
  readonly contexts: any[] = [];

  async context() {
    const { metadata, deadline } = currentCall();
    this.contexts.push({ metadata, hasDeadline: deadline !== undefined });
    await null;
    return this;
  }
}

const waiting = plan<Waiting>()(($, api) => {
  const list = $.map($.range(3), () => api.never(4));
  return $.if(
    $.eq(api.later(1), 1),
    () => [list, api.never(4)],
    () => null,
  );
});

test("the caller's deadline stops a plan and its calls", async () => {
  const main = new Waiting();
  const { stub, server, link } = connect(main);
  await stub.list(0); // The sessions know their extensions from here on.
  const inTime = plan<Waiting>()(($, api) => $.map($.range(4), () => api.never(4)));
  using quick = callOptions(stub, { timeout: 1_000 });
  const error = await errorOf(inTime(quick));
  expect(error.code).toBe("DEADLINE");
  await main.allCancelled.promise;
  expect(main.reasons).toHaveLength(4);
  await link.settle();
  expect(server.getStats().exports).toBe(1);
});

test("a plan that computes is stopped by the caller's deadline", async () => {
  const limits = { maxSteps: Infinity, maxIterations: Infinity, maxBytes: Infinity };
  const { stub, server, link } = connect(new Tools(), new PlanRunner({ limits }));
  await stub.list(0);
  const endless = plan<Tools>()(($) =>
    $.while(
      () => $.eq(1, 1),
      () => $.add(1, 1),
      { max: 1e12 },
    ),
  );
  using quick = callOptions(stub, { timeout: 30 });
  expect((await errorOf(endless(quick as any))).code).toBe("DEADLINE");
  await link.settle();
  expect(server.getStats().exports).toBe(1);
  expect(await stub.list(1)).toEqual([0]);
});

test("a plan that computes lets other calls of the process go first", async () => {
  const limits = { maxSteps: Infinity, maxIterations: Infinity, maxBytes: Infinity };
  const { stub } = connect(new Tools(), new PlanRunner({ limits }));
  const stop = new AbortController();
  const endless = plan<Tools>()(($) =>
    $.while(
      () => $.eq(1, 1),
      () => $.add(1, 1),
      { max: 1e12 },
    ),
  );
  using stoppable = callOptions(stub, { signal: stop.signal });
  const running = errorOf(endless(stoppable as any));
  expect(await stub.list(2)).toEqual([0, 1]);
  stop.abort(new Error("enough"));
  expect((await running).message).toBe("enough");
});

test("calls of a plan carry its context on, after waits as well", async () => {
  const main = new Waiting();
  const { stub } = connect(main);
  await stub.list(0);
  using optioned = callOptions(stub, { metadata: { tenant: "a" }, timeout: 10_000 });
  const twice = plan<Waiting>()(($, api) => [
    $.type(api.context()),
    $.type(api.context().context()),
  ]);
  expect(await twice(optioned)).toEqual(["capability", "capability"]);
  const context = { metadata: { tenant: "a" }, hasDeadline: true };
  expect(main.contexts).toEqual([context, context, context]);
});

test("a plan that ends by itself leaves nothing to wait for", async () => {
  using stub = new RpcStub(new Tools());
  using runner = new RpcStub(new PlanRunner());
  expect(await plan<Tools>()(($) => $.add(1, 2))(stub, undefined, { runner: runner as any })).toBe(
    3,
  );
  // A timer of the limit of time would keep the process.
  const timers = process.getActiveResourcesInfo().filter((each) => each === "Timeout");
  expect(timers.length).toBeLessThanOrEqual(2);
});

test("a capability of another process can be the target of a plan's calls", async () => {
  const link = createMemoryLink();
  new RpcSession(
    link.server,
    new (class extends RpcTarget {
      async double(value: number) {
        return value * 2;
      }
    })(),
  );
  class Gateway extends RpcTarget {
    readonly #backend = new RpcSession<any>(link.client).getRemoteMain();
    get backend() {
      return this.#backend.dup();
    }
  }
  const { stub } = connect(new Gateway());
  const doubled = plan<{ backend: { double(value: number): Promise<number> } }>()(($, api) =>
    $.map($.range(3), (n) => $.add(api.backend.double(n), 1)),
  );
  expect(await doubled(stub)).toEqual([1, 3, 5]);
  expect(waiting.tier).toBe("runner");
});
