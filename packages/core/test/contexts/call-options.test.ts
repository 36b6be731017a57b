import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  callOptions,
  DeadlineError,
  MapError,
  type RpcPromise,
  RpcStub,
  RpcTarget,
} from "../../src/index.ts";
import { Application, aborted } from "../support/application.ts";
import { failure } from "../support/failure.ts";
import { pair, scripted, settle } from "../support/pair.ts";

afterEach(() => vi.restoreAllMocks());

/** A connection to an Application, over the published protocol or with our extensions. */
async function connected(announce: boolean, call?: object) {
  const main = new Application();
  const connection = pair(main, { client: { announce, call }, server: { announce } });
  // One round trip exchanges the announcements.
  await connection.api.echo(0);
  return { main, ...connection };
}

const WAYS = [
  { way: "the published protocol", announce: false },
  { way: "the extensions", announce: true },
];

describe.each(WAYS)("a call with options, over $way", ({ announce }) => {
  it("rejects with a DeadlineError once its timeout has passed, and aborts the callee's signal", async () => {
    const { api, main, isClean } = await connected(announce);
    using quick = callOptions(api, { timeout: 20 });
    const error = await failure(quick.hang());
    expect(error).toBeInstanceOf(DeadlineError);
    expect(error).toMatchObject({ name: "TimeoutError", code: "DEADLINE" });
    const { signal } = await main.begun();
    const reason = await aborted(signal);
    expect(["CANCELED", "DEADLINE"]).toContain(reason.code);
    expect(reason.message).toContain("Application.hang");
    quick[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  it("rejects with the reason of its signal, and aborts the callee's signal", async () => {
    const { api, main, isClean } = await connected(announce);
    const controller = new AbortController();
    const outcome = failure(callOptions(api, { signal: controller.signal }).hang());
    const { signal } = await main.begun();
    expect(signal.aborted).toBe(false);
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    await aborted(signal);
    await settle();
    expect(isClean()).toBe(true);
  });

  it("is cancelled by a signal before anything awaits it", async () => {
    const { api, main } = await connected(announce);
    const controller = new AbortController();
    const promise = callOptions(api, { signal: controller.signal }).hang();
    const { signal } = await main.begun();
    controller.abort(new Error("enough"));
    await aborted(signal);
    expect(await failure(promise)).toMatchObject({ message: "enough" });
  });

  it("isn't sent if its signal has aborted", async () => {
    const { api, clientEnd } = await connected(announce);
    const reason = new Error("never mind");
    const gone = callOptions(api, { signal: AbortSignal.abort(reason) });
    await settle();
    clientEnd.sent.length = 0;
    expect(await failure(gone.echo(1))).toBe(reason);
    expect(await failure(gone.users().map((user) => user.name))).toBe(reason);
    expect(await failure(gone.child.echo(1))).toBe(reason);
    expect(await failure((gone as any).child)).toBe(reason);
    await settle();
    expect(clientEnd.sent).toEqual([]);
  });

  it("disposes of its arguments if it isn't sent", async () => {
    const { api } = await connected(announce);
    let disposed = 0;
    class Handed extends RpcTarget {
      [Symbol.dispose]() {
        disposed++;
      }
    }
    const gone = callOptions(api, { signal: AbortSignal.abort(new Error("no")) });
    await failure(gone.echo(new Handed()));
    await settle();
    expect(disposed).toBe(1);
  });

  it("is sent as push, so that it can be released", async () => {
    const { api, clientEnd } = await connected(announce);
    clientEnd.sent.length = 0;
    await callOptions(api, { timeout: 10_000 }).echo(1);
    await callOptions(api, { signal: new AbortController().signal }).echo(1);
    await settle();
    const tags = clientEnd.sent.map(([tag]) => tag).filter((tag) => tag !== "reject");
    expect(tags).toEqual(["push", "pull", "release", "push", "pull", "release"]);
  });

  it("passes its options on to everything pipelined from it", async () => {
    const { api, main } = await connected(announce);
    const quick = callOptions(api, { timeout: 20 });
    expect(await failure(quick.self().hang())).toBeInstanceOf(DeadlineError);
    expect(await failure(quick.self().self().hang())).toBeInstanceOf(DeadlineError);
    expect(await failure(quick.dup().hang())).toBeInstanceOf(DeadlineError);
    expect(await failure(callOptions(api.self(), { timeout: 20 }).hang())).toBeInstanceOf(
      DeadlineError,
    );
    expect(main.hanging.length).toBe(4);
    expect(await quick.users().map((user) => user.name)).toEqual(["Ada", "Grace"]);
    expect(await quick.users()[1]!.name).toBe("Grace");
  });

  it("leaves the original stub, and stubs in results, without options", async () => {
    const { api, main } = await connected(announce);
    const quick = callOptions(api, { timeout: 250 });
    const plain = [api.hang(), (await quick.self()).hang()];
    for (const each of plain) each.then(undefined, () => {});
    await failure(quick.hang());
    await main.begun(3);
    expect(main.hanging.map(({ signal }) => signal.aborted)).toContain(false);
    const outcomes = plain.map((each) => Promise.race([each, settle().then(() => "pending")]));
    expect(await Promise.all(outcomes)).toEqual(["pending", "pending"]);
  });

  it("gives the peer the reference without the options, if its stub is an argument", async () => {
    const { api, isClean } = await connected(announce);
    const quick = callOptions(api, { timeout: 10_000 });
    const echoed: any = await api.echo(quick);
    expect(await echoed.echo(1)).toBe(1);
    using local = callOptions(new RpcStub(new Application()), { timeout: 10_000 });
    const back: any = await api.echo(local);
    expect(await back.echo(2)).toBe(2);
    echoed[Symbol.dispose]();
    back[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  it("allows a result that came in time to be used after the timeout", async () => {
    const { api } = await connected(announce);
    const self = callOptions(api, { timeout: 250 }).self();
    await failure(callOptions(api, { timeout: 300 }).hang());
    expect(await self.echo(1)).toBe(1);
  });

  it("measures the timeout of a result from when it is first awaited", async () => {
    const { api } = await connected(announce);
    const promise = callOptions(api, { timeout: 250 }).echo("there");
    await failure(callOptions(api, { timeout: 300 }).hang());
    expect(await promise).toBe("there");
  });

  it("removes its listeners from the signal when the session ends", async () => {
    const { api } = await connected(announce);
    const controller = new AbortController();
    const add = vi.spyOn(controller.signal, "addEventListener");
    const remove = vi.spyOn(controller.signal, "removeEventListener");
    const outcome = failure(callOptions(api, { signal: controller.signal, timeout: 1e6 }).hang());
    api[Symbol.dispose]();
    expect(await outcome).toMatchObject({ code: "SESSION_DISPOSED" });
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
  });
});

describe("disposing of a promise", () => {
  it.each(WAYS)("cancels its call, over $way", async ({ announce }) => {
    const { api, main, isClean } = await connected(announce);
    const promise = api.hang();
    const outcome = failure(promise);
    const { signal } = await main.begun();
    promise[Symbol.dispose]();
    expect(await outcome).toMatchObject({ code: "CANCELED" });
    expect(await aborted(signal)).toMatchObject({
      code: "CANCELED",
      message: "The caller gave up the result of Application.hang.",
    });
    await settle();
    expect(isClean()).toBe(true);
  });

  it.each(WAYS)("doesn't cancel a call whose result another one awaits, over $way", async (way) => {
    const { api, main } = await connected(way.announce);
    const promise = (api as any).hang();
    const part = promise.part;
    const outcome = failure(part);
    const { signal } = await main.begun();
    promise[Symbol.dispose]();
    await settle();
    expect(signal.aborted).toBe(false);
    api[Symbol.dispose]();
    await outcome;
  });

  it("doesn't cancel the calls that map() makes for their effects", async () => {
    const { api, main } = await connected(false);
    await api.users().map((user) => {
      void api.hang();
      return user.name;
    });
    const { signal } = await main.begun(2);
    await settle();
    expect(signal.aborted).toBe(false);
    api[Symbol.dispose]();
    await aborted(signal);
  });

  it("cancels the calls that map() made, if the promise is map()'s", async () => {
    const { api, main } = await connected(false);
    const promise = api.users().map(() => api.hang());
    const outcome = failure(promise);
    const first = await main.begun(1);
    const second = await main.begun(2);
    promise[Symbol.dispose]();
    await Promise.all([aborted(first.signal), aborted(second.signal)]);
    await outcome;
  });
});

describe("callOptions() on a stub with options", () => {
  it("can shorten a timeout, not lengthen it", async () => {
    const { api } = await connected(false);
    const quick = callOptions(api, { timeout: 15 });
    expect((await failure(callOptions(quick, { timeout: 1e6 }).hang())).message).toContain("15 ms");
    const slow = callOptions(api, { timeout: 1e6 });
    expect((await failure(callOptions(slow, { timeout: 15 }).hang())).message).toContain("15 ms");
  });

  it("keeps the outer signal beside the new one", async () => {
    const { api, main } = await connected(false);
    const [outer, inner] = [new AbortController(), new AbortController()];
    const both = callOptions(callOptions(api, { signal: outer.signal }), { signal: inner.signal });
    const outcomes = [failure(both.hang()), failure(both.hang())];
    await main.begun(2);
    outer.abort("outer");
    expect(await Promise.all(outcomes)).toEqual(["outer", "outer"]);
    const other = callOptions(callOptions(api, { signal: inner.signal }), { timeout: 1e6 });
    const last = failure(other.hang());
    await main.begun(3);
    inner.abort("inner");
    expect(await last).toBe("inner");
  });

  it("merges the metadata of both", async () => {
    const { api } = await connected(true);
    const outer = callOptions(api, { metadata: { tenant: "a", user: 1 } });
    const { metadata } = await callOptions(outer, { metadata: { user: 2 } }).context();
    expect(metadata).toEqual({ tenant: "a", user: 2 });
    expect((await outer.context()).metadata).toEqual({ tenant: "a", user: 1 });
  });
});

describe("the options of a session", () => {
  it("apply to every call that it makes, however the stub was obtained", async () => {
    const { api } = await connected(true, { timeout: 250, metadata: { client: "test" } });
    expect(await failure(api.hang())).toBeInstanceOf(DeadlineError);
    expect(await failure((await api.self()).hang())).toBeInstanceOf(DeadlineError);
    expect((await api.context()).metadata).toEqual({ client: "test" });
  });

  it("yield to those of a call, even for a longer timeout", async () => {
    const call = { timeout: 250, metadata: { client: "test", user: 1 } };
    const options = { timeout: 400, metadata: { user: 2 } };
    // A peer that knows the deadline may tell of it first, in its own words.
    const { api: unaware } = await connected(false, call);
    const slow = callOptions(unaware, options).hang();
    expect((await failure(slow)).message).toContain("400 ms");
    const { api, main } = await connected(true, call);
    const { metadata } = await callOptions(api, options).context();
    expect(metadata).toEqual({ client: "test", user: 2 });
    const patient = callOptions(api, { timeout: Number.POSITIVE_INFINITY });
    expect(await failure(patient.hang())).toBeInstanceOf(DeadlineError);
    expect(main.hanging.length).toBe(1);
  });

  it("are checked when the session starts", () => {
    expect(() => pair(new Application(), { client: { call: { timeout: -1 } } })).toThrow(TypeError);
  });
});

describe("callOptions", () => {
  it("returns a stub of the input's type", () => {
    const check = (stub: RpcStub<Application>, promise: RpcPromise<Application>) => {
      expectTypeOf(callOptions(stub, {})).toEqualTypeOf(stub);
      expectTypeOf(callOptions(promise, {})).toEqualTypeOf(promise);
      expectTypeOf(callOptions(promise.child, {})).toEqualTypeOf(promise.child);
    };
    expect(check).toBeTypeOf("function");
  });

  it("returns a stub for a stub, and a promise for a promise, without fetching anything", async () => {
    const { api, clientEnd } = await connected(false);
    clientEnd.sent.length = 0;
    const stub = callOptions(api, {});
    const promise = callOptions(api.child, { timeout: 10_000 });
    expect(`${Object.prototype.toString.call(stub)}`).toBe("[object RpcStub]");
    expect(`${Object.prototype.toString.call(promise)}`).toBe("[object RpcPromise]");
    expect(clientEnd.sent).toEqual([]);
    expect(await promise.echo(1)).toBe(1);
  });

  it("returns a reference of its own, as dup() does", async () => {
    const target = new Application();
    let disposed = 0;
    Object.assign(target, { [Symbol.dispose]: () => disposed++ });
    const stub = new RpcStub(target);
    const quick = callOptions(stub, { timeout: 1_000 });
    stub[Symbol.dispose]();
    expect(await quick.echo(1)).toBe(1);
    expect(disposed).toBe(0);
    quick[Symbol.dispose]();
    expect(disposed).toBe(1);
    expect(await failure(quick.echo(1))).toMatchObject({ code: "DISPOSED" });
  });

  it("works with stubs of this process", async () => {
    const main = new Application();
    const quick = callOptions(new RpcStub(main), { timeout: 250, metadata: { tenant: "a" } });
    expect(await quick.echo(1)).toBe(1);
    expect((await quick.context()).metadata).toEqual({ tenant: "a" });
    const error = await failure(quick.hang());
    expect(error.message).toContain("'hang' on local Application");
    expect(main.hanging[0]!.signal.aborted).toBe(true);
    const controller = new AbortController();
    const outcome = failure(callOptions(new RpcStub(main), controller).hang());
    controller.abort("enough");
    expect(await outcome).toBe("enough");
    expect(main.hanging[1]!.signal.reason).toBe("enough");
  });

  it("stops to watch its signal for a local call whose promise was disposed of", async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, "addEventListener");
    const remove = vi.spyOn(signal, "removeEventListener");
    const main = new Application();
    const calls = callOptions(new RpcStub(main), { timeout: 60_000, signal });
    const promise = calls.hang();
    promise.then(undefined, () => {});
    await main.begun();
    expect(add).toHaveBeenCalledTimes(1);
    promise[Symbol.dispose]();
    await aborted(main.hanging[0]!.signal);
    expect(remove).toHaveBeenCalledTimes(1);
  });

  it("cancels a local call whose result only another call needs", async () => {
    const main = new Application();
    const controller = new AbortController();
    const promise: any = callOptions(new RpcStub(main), controller).hang();
    const outcome = failure(promise.part);
    promise[Symbol.dispose]();
    const { signal } = await main.begun();
    await settle();
    expect(signal.aborted).toBe(false);
    controller.abort(new Error("enough"));
    expect(await outcome).toMatchObject({ message: "enough" });
    expect(await aborted(signal)).toMatchObject({ message: "enough" });
  });

  it("refuses values other than stubs, and options of a wrong type", () => {
    const stub = new RpcStub(new Application());
    const wrong = (options: object) => () => callOptions(stub, options as never);
    expect(() => callOptions({} as never, {})).toThrow("callOptions() takes a stub");
    expect(wrong({ timeout: Number.NaN })).toThrow(TypeError);
    expect(wrong({ timeout: "5" })).toThrow(TypeError);
    expect(wrong({ timeOut: 5 })).toThrow('no option "timeOut". They have timeout, ');
    expect(wrong({ signal: {} })).toThrow(TypeError);
    expect(wrong({ metadata: 5 })).toThrow("metadata is a number");
    expect(wrong({ metadata: { at: new Date() } })).toThrow("metadata.at is");
    expect(wrong({ metadata: { list: [1, new Map()] } })).toThrow("metadata.list[1] is");
    expect(wrong({ metadata: { text: "x".repeat(20_000) } })).toThrow(
      /limits\.maxMetadataSize of 16384/,
    );
  });

  it("can't be recorded by map()", async () => {
    const { api } = await connected(false);
    expect(() => api.users().map((user) => callOptions(user, {}).name)).toThrow(MapError);
  });

  it("leaves all other behaviour of a stub as it is", async () => {
    const { api, client } = await connected(false);
    const quick = callOptions(api, { timeout: 1_000 });
    const broken = vi.fn();
    quick.onRpcBroken(broken);
    expect(await new RpcStub(quick).echo(1)).toBe(1);
    client.getRemoteMain()[Symbol.dispose]();
    expect(broken).toHaveBeenCalledTimes(1);
  });
});

describe("many calls under way", () => {
  it("share one timer for their timeouts", async () => {
    const { api, main } = await connected(false);
    const set = vi.spyOn(globalThis, "setTimeout");
    const slow = callOptions(api, { timeout: 60_000 });
    const outcomes = Array.from({ length: 5_000 }, () => failure(slow.hang()));
    await main.begun(5_000);
    const timers = set.mock.calls.filter(([, wait]) => (wait ?? 0) > 1_000);
    expect(timers.length).toBeLessThanOrEqual(1);
    api[Symbol.dispose]();
    await Promise.all(outcomes);
  });

  it("share one listener on a signal, and remove it at the end", async () => {
    const { api, main } = await connected(false);
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, "addEventListener");
    const remove = vi.spyOn(signal, "removeEventListener");
    const calls = callOptions(api, { signal });
    const promises = Array.from({ length: 1_000 }, () => calls.hang());
    const outcomes = promises.map(failure);
    await main.begun(1_000);
    expect(add).toHaveBeenCalledTimes(1);
    for (const each of promises) each[Symbol.dispose]();
    await Promise.all(outcomes);
    expect(remove).toHaveBeenCalledTimes(1);
    await calls.echo(1);
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
  });
});

describe("a peer of the published protocol", () => {
  it("gets a release when a call times out", async () => {
    const { api, sent } = scripted();
    const error = await failure(callOptions(api, { timeout: 5 }).anything());
    expect(error).toBeInstanceOf(DeadlineError);
    await settle();
    expect(sent).toEqual([
      ["push", ["pipeline", 0, ["anything"], []]],
      ["pull", 1],
      ["release", 1, 1],
    ]);
  });

  it("leaves it to the error of a timeout to name the call in the words of the application", async () => {
    const { api, session, say } = scripted();
    const within = async (promise: PromiseLike<unknown>) => (await failure(promise)).message;
    const quick = callOptions(api, { timeout: 5 });
    expect(await within(quick.users.list())).toBe(
      "The call of 'users.list' on the peer's main object gave no result within 5 ms. Allow it a " +
        "longer timeout in callOptions(), or ask for less at a time.",
    );
    const opened = api.open();
    opened.then(undefined, () => {});
    await settle();
    say(["resolve", 2, ["export", -7]]);
    const document = await opened;
    expect(await within(callOptions(document, { timeout: 5 }).read())).toMatch(
      /^The call of 'read' on an object of the peer gave no result within 5 ms\./,
    );
    expect(await within((callOptions(document, { timeout: 5 }) as any)())).toMatch(
      /^The call of an object of the peer gave no result/,
    );
    session.getRemoteMain()[Symbol.dispose]();
    const own = scripted(undefined, { call: { timeout: 5 } });
    expect(await within(own.api.read())).toBe(
      "The call of 'read' gave no result within 5 ms. Allow it a longer timeout in the session's " +
        "option call, or ask for less at a time.",
    );
  });

  it("may answer after the timeout", async () => {
    const { api, say, ended } = scripted();
    await failure(callOptions(api, { timeout: 5 }).anything());
    say(["resolve", 1, "late"]);
    await settle();
    expect(ended).toEqual({});
  });
});
