// Errors that no caller can be told about go to `onError`, with their source, or else to the
// console. None ends the process.
import { describe, expect, test } from "vitest";
import {
  type ErrorListener,
  RpcSession,
  RpcStub,
  RpcTarget,
  reportError,
  startSession,
  type Transport,
} from "../src/index.ts";
import type { TransportReceiver } from "../src/transport.ts";
import { failure } from "./support/failure.ts";
import { untouchable } from "./support/hostile.ts";
import { pair, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";
import { printedErrors, unhandledRejections } from "./support/unhandled.ts";

/** Callbacks that fail, as an application's may. */
const FAILING: readonly (readonly [string, () => any])[] = [
  [
    "throws",
    () => {
      throw new Error("careless");
    },
  ],
  [
    "gives a promise that rejects",
    async () => {
      throw new Error("careless");
    },
  ],
];

/** A target whose disposer is `dispose`. */
function disposable(dispose: () => unknown): object {
  class Thing extends RpcTarget {
    use() {}
    [Symbol.dispose]() {
      return dispose();
    }
  }
  return new Thing();
}

class Api extends RpcTarget {
  readonly thing: () => object;
  constructor(thing: () => object = () => new RpcTarget()) {
    super();
    this.thing = thing;
  }
  fail(): never {
    throw new Error("original");
  }
  make() {
    return this.thing();
  }
  async makeLater() {
    return { thing: this.thing(), bad: new Map() };
  }
  promise(isWrapped = false) {
    const thing = this.thing();
    return { later: Promise.resolve(isWrapped ? { thing } : thing), bad: new Map() };
  }
  async use(callback: () => unknown) {
    await callback();
  }
  ping() {
    return "pong";
  }
}

function recorder() {
  const seen: string[] = [];
  const onError: ErrorListener = (error, { source }) =>
    void seen.push(`${source}: ${(error as Error).message}`);
  return { seen, onError };
}

describe.each(FAILING)("a callback that %s", (_, callback) => {
  test("is reported where it is onSendError", async () => {
    const { seen, onError } = recorder();
    const { api } = pair(new Api(), { server: { onError, onSendError: callback } });
    await failure(api.fail());
    await settle();
    expect(seen).toEqual(["onSendError: careless"]);
  });

  test("is reported where it is onRpcBroken's, of a stub, a promise and a failure", async () => {
    const { seen, onError } = recorder();
    const { api, clientEnd } = pair(new Api(), { client: { onError } }) as any;
    const failed = api.fail();
    await failure(failed);
    const unhandled = await unhandledRejections(() => {
      api.onRpcBroken(callback);
      api.ping().onRpcBroken(callback);
      clientEnd.receiver.close(new Error("cut"));
    });
    expect(unhandled).toEqual([]);
    expect(seen).toEqual(["onRpcBroken: careless", "onRpcBroken: careless"]);
    const printed = await printedErrors(() => void failed.onRpcBroken(callback));
    expect(printed).toMatchObject([{ message: "careless" }]);
  });

  test.each([
    ["released", async (api: any) => (await api.make())[Symbol.dispose]()],
    ["never delivered", async (api: any) => void (await failure(api.makeLater()))],
    [
      "in a promise that is never delivered",
      async (api: any) => void (await failure(api.promise())),
    ],
    [
      "in an object in a promise that is never delivered",
      async (api: any) => void (await failure(api.promise(true))),
    ],
    [
      "never delivered, nor referred to",
      async (api: any) => void (await failure(api.makeLater().thing.nothing.nothing)),
    ],
    [
      "held to the end",
      async (api: any, cut: () => void) => {
        await api.make();
        cut();
      },
    ],
  ])("is reported where it is the disposer of a target that is %s", async (_name, act) => {
    for (const streamCalls of [false, true]) {
      const { seen, onError } = recorder();
      const { api, serverEnd } = pair(new Api(() => disposable(callback)), {
        client: { streamCalls },
        server: { onError },
      });
      await act(api, () => serverEnd.receiver.close(new Error("cut")));
      (api as any)[Symbol.dispose]();
      await settle();
      expect(seen).toEqual(["dispose: careless"]);
    }
  });

  test("is reported where it disposes of the main object", async () => {
    const { seen, onError } = recorder();
    const { serverEnd } = pair(disposable(callback), { server: { onError } });
    serverEnd.receiver.close(new Error("cut"));
    await settle();
    expect(seen).toEqual(["dispose: careless"]);
  });

  test("is reported where it disposes of a main object that comes after the end", async () => {
    const { seen, onError } = recorder();
    let come!: (main: unknown) => void;
    const main = new Promise((resolve) => (come = resolve));
    const { serverEnd } = pair(main, { server: { onError } });
    serverEnd.receiver.close(new Error("cut"));
    come(disposable(callback));
    await settle();
    expect(seen).toEqual(["dispose: careless"]);
  });

  test("is reported to the caller's session where it disposes of an argument", async () => {
    const caller = recorder();
    const callee = recorder();
    const main = new (class extends RpcTarget {
      async take(thing: any) {
        await thing.use();
      }
    })();
    const { api } = pair(main, { client: caller, server: callee }) as any;
    await api.take(disposable(callback));
    await settle();
    expect(caller.seen).toEqual(["dispose: careless"]);
    expect(callee.seen).toEqual([]);
  });

  test("is reported where it disposes of a target whose stub a method returned", async () => {
    const { seen, onError } = recorder();
    const make = () => new RpcStub(disposable(callback));
    const { api } = pair(new Api(make), { server: { onError } }) as any;
    const thing = await api.make();
    thing[Symbol.dispose]();
    await settle();
    expect(seen).toEqual(["dispose: careless"]);
  });

  test("is reported to the console where a method disposes of a stub that no session had", async () => {
    const { seen, onError } = recorder();
    const make = () => {
      new RpcStub(disposable(callback))[Symbol.dispose]();
      return new RpcTarget();
    };
    const { api } = pair(new Api(make), { server: { onError } });
    const printed = await printedErrors(async () => void (await api.make()));
    expect(printed).toMatchObject([{ message: "careless" }]);
    expect(seen).toEqual([]);
  });

  test("is reported where it is onError itself: to the console", async () => {
    const printed = await printedErrors(async () => {
      const { serverEnd } = pair(disposable(callback), { server: { onError: callback } });
      serverEnd.receiver.close(new Error("cut"));
    });
    expect(printed).toMatchObject([{ message: "careless" }]);
  });

  test("is reported to the session at work, not to the caller's session", async () => {
    const inner = recorder();
    const outer = recorder();
    const { api: far } = pair(disposable(callback), { server: { onError: inner.onError } });
    const main = new (class extends RpcTarget {
      async end() {
        (far as any)[Symbol.dispose]();
        await settle();
      }
    })();
    const { api } = pair(main, { server: { onError: outer.onError } });
    await api.end();
    expect(inner.seen).toEqual(["dispose: careless"]);
    expect(outer.seen).toEqual([]);
  });
});

test("a disposer that can't be read is reported", async () => {
  const { seen, onError } = recorder();
  class Thing extends RpcTarget {
    get [Symbol.dispose](): never {
      throw new Error("unreadable");
    }
  }
  const { serverEnd } = pair(new Thing(), { server: { onError } });
  serverEnd.receiver.close(new Error("cut"));
  expect(seen).toEqual(["dispose: unreadable"]);
});

test("a console that fails does no harm", async () => {
  const { error } = console;
  try {
    console.error = () => {
      throw new Error("no console");
    };
    expect(() => reportError(untouchable(), "transport")).not.toThrow();
  } finally {
    console.error = error;
  }
});

describe("a main object that is still to come", () => {
  test("answers calls once it is there, and is disposed of with the session", async () => {
    const resources = new Resources();
    const { api, serverEnd } = pair(Promise.resolve(resources.make("main")) as any) as any;
    expect(await api.use()).toBe("used main");
    serverEnd.receiver.close(new Error("cut"));
    expect(resources.disposed).toEqual(["main"]);
  });

  test("is disposed of if it comes too late", async () => {
    const resources = new Resources();
    let come!: (main: unknown) => void;
    const main = new Promise((resolve) => (come = resolve));
    const { serverEnd } = pair(main);
    serverEnd.receiver.close(new Error("cut"));
    come(resources.make("main"));
    await settle();
    expect(resources.disposed).toEqual(["main"]);
  });

  test("fails calls if it fails, and is reported", async () => {
    const { seen, onError } = recorder();
    const main = Promise.reject(new Error("no database"));
    const unhandled = await unhandledRejections(async () => {
      const { api } = pair(main, { server: { onError } }) as any;
      expect((await failure(api.ping())).message).toBe("no database");
    });
    expect(unhandled).toEqual([]);
    expect(seen).toEqual(["createMain: no database"]);
  });
});

/** A transport whose method `broken` throws, once `isBroken`. */
class BrokenTransport implements Transport {
  isBroken = true;
  receiver!: TransportReceiver;
  readonly sent: unknown[] = [];
  readonly #broken: string;
  constructor(broken: string) {
    this.#broken = broken;
  }
  #check(name: string): void {
    if (this.isBroken && name === this.#broken) throw new Error(`no ${name}`);
  }
  start(receiver: TransportReceiver) {
    this.receiver = receiver;
    this.#check("start");
  }
  send(message: unknown) {
    this.#check("send");
    this.sent.push(message);
  }
  flush() {
    this.#check("flush");
  }
  whenWritable() {
    this.#check("whenWritable");
    return undefined;
  }
  abort() {
    this.#check("abort");
  }
}

describe("a transport", () => {
  const announce = [true, false];
  const PUSH = '["push",["pipeline",0,["ping"],[]]]';

  test.each(announce)("whose send() throws fails the calls (announce: %s)", async (said) => {
    const transport = new BrokenTransport("send");
    const resources = new Resources();
    const api = startSession<any>(transport, resources.make("main"), { announce: said });
    expect((await failure(api.ping())).message).toBe("no send");
    expect(resources.disposed).toEqual(["main"]);
  });

  test("whose send() throws while it delivers a message doesn't get the error back", async () => {
    const transport = new BrokenTransport("send");
    transport.isBroken = false;
    const resources = new Resources();
    startSession(transport, resources.make("main"), { announce: false });
    transport.isBroken = true;
    transport.receiver.receive(PUSH);
    transport.receiver.receive('["pull",1]');
    expect(resources.disposed).toEqual(["main"]);
    transport.receiver.receive(PUSH);
  });

  test.each(announce)("whose flush() throws fails the calls (announce: %s)", async (said) => {
    const resources = new Resources();
    const transport = new BrokenTransport("flush");
    const unhandled = await unhandledRejections(async () => {
      const api = startSession<any>(transport, resources.make("main"), { announce: said });
      expect((await failure(api.ping())).message).toBe("no flush");
    });
    expect(unhandled).toEqual([]);
    expect(resources.disposed).toEqual(["main"]);
  });

  test("whose abort() throws is reported, and doesn't get the error back", async () => {
    const { seen, onError } = recorder();
    const resources = new Resources();
    for (const end of [
      (transport: BrokenTransport) => transport.receiver.receive("nonsense"),
      (transport: BrokenTransport) => transport.receiver.receive('["abort","reason"]'),
      (_: unknown, api: any) => api[Symbol.dispose](),
    ]) {
      const transport = new BrokenTransport("abort");
      const api = startSession(transport, resources.make("main"), { announce: false, onError });
      end(transport, api);
    }
    expect(seen).toEqual(Array(3).fill("transport: no abort"));
    expect(resources.disposed).toEqual(Array(3).fill("main"));
  });

  test("whose start() throws fails the start, and the main object is disposed of", () => {
    const resources = new Resources();
    const start = () => startSession(new BrokenTransport("start"), resources.make("main"));
    expect(start).toThrow("no start");
    expect(resources.disposed).toEqual(["main"]);
  });

  test("whose whenWritable() throws fails the stream", async () => {
    const written: any[] = [];
    const main = new (class extends RpcTarget {
      async take(stream: WritableStream) {
        const writer = stream.getWriter();
        writer.closed.catch(() => {});
        for (let i = 0; i < 2; i++) written.push(await writer.write("chunk").catch((e) => e));
      }
    })();
    const transport = new BrokenTransport("whenWritable");
    startSession<any>(transport, main, { announce: false });
    const unhandled = await unhandledRejections(() => {
      transport.receiver.receive('["push",["pipeline",0,["take"],[["writable",-1]]]]');
    });
    expect(unhandled).toEqual([]);
    expect(written.at(-1).message).toBe("no whenWritable");
  });

  test("in pull style whose abort() rejects is reported", async () => {
    const { seen, onError } = recorder();
    const transport = {
      send() {},
      receive: () => new Promise<string>(() => {}),
      abort: async () => {
        throw new Error("no abort");
      },
    };
    const session = new RpcSession<any>(transport, undefined, { onError });
    session.getRemoteMain()[Symbol.dispose]();
    await settle();
    expect(seen).toEqual(["transport: no abort"]);
  });
});

test("a local stub's disposer that rejects is reported to the console", async () => {
  const printed = await printedErrors(() => {
    const stub = new RpcStub(
      disposable(async () => {
        throw new Error("careless");
      }),
    ) as any;
    stub[Symbol.dispose]();
  });
  expect(printed).toMatchObject([{ message: "careless" }]);
});
