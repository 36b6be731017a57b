import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import {
  currentAttempt,
  FollowedSession,
  Following,
  type FollowingPolicy,
  Spread,
} from "../src/following/index.ts";
import {
  callOptions,
  type Interception,
  intercept,
  RpcSession,
  RpcStub,
  RpcTarget,
} from "../src/index.ts";
import { connectEnds } from "./support/memory-end.ts";
import { settle } from "./support/pair.ts";

class LossError extends Error {
  readonly execution: string;
  constructor(execution: string, cause: unknown) {
    super(execution, { cause });
    this.execution = execution;
  }
}

class Part extends RpcTarget {
  readonly #log: string[];
  constructor(log: string[]) {
    super();
    this.#log = log;
  }
  get title() {
    this.#log.push("title");
    return "part";
  }
  say(text: string) {
    this.#log.push(text);
    return text;
  }
}

class Api extends RpcTarget {
  readonly log: string[] = [];
  part() {
    this.log.push("part");
    return new Part(this.log);
  }
  echo(value: unknown) {
    this.log.push("echo");
    return value;
  }
  list() {
    return [1, 2];
  }
  get count() {
    this.log.push("count");
    return 3;
  }
  numbers() {
    return new ReadableStream<number>({
      start(controller) {
        controller.enqueue(1);
      },
    });
  }
  sink() {
    return new WritableStream<unknown>({ write: (chunk) => void this.log.push(`got ${chunk}`) });
  }
  hang() {
    this.log.push("hang");
    return new Promise<never>(() => {});
  }
  take(_stream: unknown) {
    this.log.push("take");
    return new Promise<never>(() => {});
  }
  use(part: any) {
    return part.say("used");
  }
}

/** A stub that follows sessions in memory. */
function setUp(overrides: Partial<FollowingPolicy> = {}) {
  const policy = {
    waits: vi.fn(),
    left: vi.fn(),
    absence: () => new Error("absent"),
    mayRepeat: () => true,
    ...overrides,
  };
  const main = new Api();
  const onDisposed = vi.fn();
  const following = new Following<Api>(policy, onDisposed);
  /** Begins a session, and follows it. */
  const open = ({
    counts,
    announce = false,
    interceptors,
  }: {
    counts?: any;
    announce?: boolean;
    interceptors?: Interception;
  } = {}) => {
    const [near, far] = connectEnds();
    const server = new RpcSession<any>(far, main, { announce: announce && "reply" });
    const lossError = (execution: string, reason: unknown) => new LossError(execution, reason);
    const followed = new FollowedSession(
      near,
      undefined,
      { announce, interceptors },
      lossError,
      counts,
    );
    following.follow(followed.session.getRemoteMain().dup(), followed);
    followed.session.onClose(() => {
      following.leave();
      followed.makeUnsentAgain();
    });
    return { near, server, followed, cut: () => near.receiver.close(new Error("cut")) };
  };
  return { policy, main, following, onDisposed, open, stub: following.stub as any };
}

describe("a stub that follows sessions", () => {
  test("makes calls on the current one, and has them wait in between", async () => {
    const { open, stub, main, policy } = setUp();
    const waiting = [
      stub.echo(1),
      stub.list().map((n: number) => n),
      stub.count,
      stub.part().say("a"),
    ];
    // The read of a property begins when it is awaited.
    expect(policy.waits).toHaveBeenCalledTimes(3);
    const all = Promise.all(waiting);
    await settle();
    const { cut } = open();
    expect(await all).toEqual([1, [1, 2], 3, "a"]);
    expect(policy.left).toHaveBeenCalledTimes(4);
    cut();
    const later = stub.echo(2);
    open();
    expect(await later).toBe(2);
    expect(main.log).toEqual(["echo", "part", "a", "count", "echo"]);
  });

  test("tells which calls may have run, and repeats none of these", async () => {
    const { open, stub, main } = setUp();
    const { cut } = open();
    const call = Promise.resolve(stub.hang());
    const chained = Promise.resolve(stub.part().say("a"));
    await settle();
    const part = await stub.part();
    cut();
    await expect(call).rejects.toMatchObject({ execution: "maybe" });
    expect(await chained).toBe("a");
    await expect(Promise.resolve(part.say("b"))).rejects.toMatchObject({ execution: "never" });
    open();
    await stub.echo(1);
    expect(main.log).toEqual(["hang", "part", "a", "part", "echo"]);
  });

  test("tells interceptors which calls are attempts of one call", async () => {
    const { open, stub } = setUp();
    const attempts: unknown[] = [];
    const interceptors = intercept({
      call(_call, next) {
        attempts.push(currentAttempt());
        return next();
      },
    });
    const failed = vi.fn();
    const { cut } = open({ interceptors });
    using repeated = callOptions(stub, { idempotent: true }) as any;
    repeated.hang().then(undefined, () => {});
    await settle();
    const [first] = attempts as { isOver: boolean; onFailed(callback: unknown): void }[];
    expect(first!.isOver).toBe(false);
    first!.onFailed(failed);
    cut();
    open({ interceptors });
    await settle();
    expect(attempts).toEqual([first, first]);
    expect(currentAttempt()).toBeUndefined();
    expect(failed).not.toHaveBeenCalled();
  });

  test("never says of a stream that is cut that its call didn't run", async () => {
    const { open, stub, main } = setUp();
    const counts = { sent: 0, written: 1_000 };
    const { near, cut } = open({ counts });
    const reader = (await stub.numbers()).getReader();
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    const writer = (await stub.sink()).getWriter();
    const idle = (await stub.sink()).getWriter();
    await writer.write("a");
    const send = near.send.bind(near);
    counts.written = counts.sent;
    near.send = (frame) => {
      counts.sent++;
      if (counts.sent <= counts.written) send(frame);
    };
    // The last chunk doesn't leave.
    void writer.write("b");
    const ends = [writer.closed, idle.closed, reader.read()];
    const outcomes = Promise.allSettled(ends);
    await settle();
    cut();
    for (const end of await outcomes) {
      expect(end).toMatchObject({ status: "rejected", reason: { execution: "maybe" } });
    }
    await expect(writer.write("c")).rejects.toMatchObject({ execution: "maybe" });
    expect(main.log).toEqual(["got a"]);
  });

  test("repeats calls that never left, with all that waits for their results", async () => {
    const { open, stub, main } = setUp();
    const { cut } = open({ announce: true });
    await stub.echo(0);
    const argument = new RpcStub(new Part([]));
    const calls = [
      stub.part().say("a"),
      stub.part().title,
      stub.list().map((n: number) => stub.echo(n)),
      stub.use(argument),
      stub.echo({ nested: [argument] }),
    ];
    argument[Symbol.dispose]();
    stub.echo("dropped")[Symbol.dispose]();
    cut();
    open();
    const [first, second, third, fourth, fifth] = await Promise.all(calls);
    expect([first, second, third, fourth]).toEqual(["a", "part", [1, 2], "used"]);
    expect(await (fifth as any).nested[0].say("still here")).toBe("still here");
    expect(main.log.filter((line) => line === "a")).toHaveLength(1);
  });

  test("repeats calls that may have run if the policy says that all may, once", async () => {
    const { open, stub, main } = setUp({ isIdempotent: true });
    const sessions = [open()];
    const call = Promise.resolve(stub.hang());
    const value = Promise.resolve(stub.count);
    void stub.echo("nothing waits for it");
    await settle();
    expect(await value).toBe(3);
    sessions[0]!.cut();
    sessions.push(open());
    await settle();
    sessions[1]!.cut();
    open();
    await expect(call).rejects.toMatchObject({ execution: "maybe" });
    expect(main.log).toEqual(["hang", "echo", "count", "hang"]);
  });

  test("repeats no call that used a stream, or a body, in its arguments", async () => {
    const { open, stub, main } = setUp({ isIdempotent: true });
    const { cut } = open({ announce: true });
    await stub.echo(0);
    const body = () => new Response(new ReadableStream());
    const left = [stub.take(new ReadableStream()), stub.take({ nested: [body()] })];
    const calls = left.map((call) => Promise.resolve(call));
    await settle();
    const unsent = [stub.take(new WritableStream()), stub.take(new WritableStream()).x];
    calls.push(...unsent.map((call) => Promise.resolve(call)));
    cut();
    open();
    const executions = await Promise.all(calls.map((call) => call.catch((e) => e.execution)));
    expect(executions).toEqual(["maybe", "maybe", "never", "never"]);
    expect(main.log).toEqual(["echo", "take", "take"]);
  });

  test("says of a call that waits to be repeated that it may have run", async () => {
    for (const fail of ["end", "refuse"] as const) {
      const { open, stub, following, policy } = setUp({ isIdempotent: true });
      const { cut } = open();
      const call = Promise.resolve(stub.hang());
      const chained = Promise.resolve(stub.part().say("a"));
      await settle();
      if (fail === "refuse") {
        policy.waits = vi.fn(() => {
          throw new Error("too many");
        });
      }
      cut();
      following.end(new Error("over"));
      await expect(call).rejects.toMatchObject({ execution: "maybe" });
      expect(await chained).toBe("a");
    }
  });

  test("doesn't repeat them over the budget", async () => {
    const { open, stub } = setUp({ isIdempotent: true, mayRepeat: () => false });
    const { cut } = open();
    const calls = [Promise.resolve(stub.hang()), Promise.resolve(stub.hang().x)];
    await settle();
    cut();
    for (const call of calls) await expect(call).rejects.toMatchObject({ execution: "maybe" });
  });

  test("knows which frames were kept back by the transport", async () => {
    const { open, stub, main } = setUp();
    const counts = { sent: 0, written: 1_000 };
    const { near, cut, followed } = open({ counts });
    const send = near.send.bind(near);
    near.send = (frame) => {
      counts.sent++;
      if (counts.sent <= counts.written) send(frame);
    };
    await stub.echo(1);
    counts.written = counts.sent;
    const kept = Promise.resolve(stub.echo(2));
    await settle();
    counts.written = counts.sent;
    followed.noteWritten();
    const never = Promise.resolve(stub.echo(3));
    await settle();
    cut();
    // It counts as written, although it didn't arrive.
    await expect(kept).rejects.toMatchObject({ execution: "maybe" });
    open();
    expect(await never).toBe(3);
    expect(main.log).toEqual(["echo", "echo"]);
  });

  test("lets another peer's calls through once, without waiting", async () => {
    const { open, stub, main } = setUp();
    const [near, far] = connectEnds();
    new RpcSession(far, stub.dup());
    const outside = new RpcSession<any>(near).getRemoteMain() as any;
    await expect(Promise.resolve(outside.echo(1))).rejects.toThrow("absent");
    await expect(Promise.resolve(outside.count)).rejects.toThrow("absent");
    const { cut } = open();
    expect(await outside.echo(1)).toBe(1);
    expect(await outside.count).toBe(3);
    expect(await outside.list().map((n: any) => n)).toEqual([1, 2]);
    const call = Promise.resolve(outside.hang());
    await settle();
    cut();
    await expect(call).rejects.toThrow("maybe");
    open();
    await settle();
    expect(main.log).toEqual(["echo", "count", "hang"]);
  });

  test("pauses, and goes on with the same target", async () => {
    const { open, following, stub, policy } = setUp();
    open();
    following.pause();
    const call = stub.echo(1);
    expect(policy.waits).toHaveBeenCalledOnce();
    following.proceed();
    expect(await call).toBe(1);
  });

  test("is broken by its end alone, which fails all calls", async () => {
    const { open, following, stub } = setUp();
    const { cut } = open();
    const broken = vi.fn();
    stub.onRpcBroken(broken);
    cut();
    expect(broken).not.toHaveBeenCalled();
    const waiting = Promise.resolve(stub.echo(1).x);
    const error = new Error("over");
    following.end(error);
    following.end(new Error("again"));
    expect(broken.mock.calls).toEqual([[error]]);
    await expect(waiting).rejects.toBe(error);
    await expect(Promise.resolve(stub.echo(1))).rejects.toBe(error);
    stub.onRpcBroken(broken);
    expect(broken).toHaveBeenCalledTimes(2);
    open();
    expect(following.isOver).toBe(true);
  });

  test("tells listeners on results when these can't work any more", async () => {
    const { open, following, stub } = setUp();
    const broken = vi.fn();
    const waiting = stub.part();
    waiting.onRpcBroken(broken);
    const { cut } = open();
    const later = stub.part();
    later.onRpcBroken(broken);
    await Promise.all([waiting, later]);
    expect(broken).not.toHaveBeenCalled();
    cut();
    expect(broken.mock.calls.map(([error]) => error.execution)).toEqual(["never", "never"]);
    const never = stub.part();
    never.onRpcBroken(broken);
    following.end(new Error("over"));
    expect(broken).toHaveBeenCalledTimes(3);
  });

  test("is given up with its last reference, once the calls that wait are made", async () => {
    const { open, stub, onDisposed, main } = setUp();
    const other = stub.dup();
    stub[Symbol.dispose]();
    expect(onDisposed).not.toHaveBeenCalled();
    other.echo(1);
    other[Symbol.dispose]();
    expect(onDisposed).not.toHaveBeenCalled();
    const { server } = open();
    expect(onDisposed).toHaveBeenCalledOnce();
    await settle();
    expect(main.log).toEqual(["echo"]);
    expect(server.getStats()).toMatchObject({ imports: 1 });
  });

  test("rejects a promise that is disposed of, and describes itself", async () => {
    const { open, stub } = setUp();
    expect(inspect(stub)).toContain("a stub that waits for a connection");
    open();
    expect(inspect(stub)).toContain("session import 0");
    const call = stub.hang();
    const result = call.then();
    await settle();
    call[Symbol.dispose]();
    await expect(result).rejects.toMatchObject({ code: "CANCELED" });
  });

  test("asks for a promise that it follows, and tells its failure", async () => {
    const { following, stub } = setUp();
    const failed = vi.fn();
    following.follow(new RpcStub({ a: 1 }), undefined, failed);
    expect(await stub.a).toBe(1);
    const target = new RpcStub({ fail: () => Promise.reject(new Error("no")) }) as any;
    following.follow(target.fail(), undefined, failed);
    await settle();
    expect(failed.mock.calls).toEqual([[new Error("no")]]);
    following.follow({ a: 2 }, undefined);
    expect(await stub.a).toBe(2);
  });
});

describe("a stub of several targets", () => {
  test("makes each call on the one that is chosen, and operations on its result there", async () => {
    const [a, b] = [setUp(), setUp()];
    let chosen: typeof a | undefined;
    const spread = new Spread<Api>(a.policy, {
      isReady: () => chosen !== undefined,
      choose: () => chosen!.following,
      all: () => [a.following, b.following],
    });
    const stub = spread.stub as any;
    const waiting = stub.echo(1);
    const [, bSession] = [a, b].map((each) => each.open());
    chosen = a;
    spread.proceed();
    expect(await waiting).toBe(1);
    const part = stub.part();
    chosen = b;
    expect(await part.say("x")).toBe("x");
    expect(await stub.echo(2)).toBe(2);
    expect([a.main.log, b.main.log]).toEqual([["echo", "part", "x"], ["echo"]]);
    const { server } = bSession!;
    expect(await stub.list().map((n: number) => stub.echo(n))).toEqual([1, 2]);
    expect(b.main.log).toEqual(["echo", "echo", "echo"]);
    // It is the peer's own main object, which doesn't call back.
    expect(server.getStats()).toMatchObject({ imports: 1 });
    // Another peer's calls pass to the one that is chosen.
    const [near, far] = connectEnds();
    new RpcSession(far, stub.dup());
    expect(await (new RpcSession<any>(near).getRemoteMain() as any).echo(3)).toBe(3);
    spread.end(new Error("over"));
    await expect(Promise.resolve(stub.echo(3))).rejects.toThrow("over");
  });
});
