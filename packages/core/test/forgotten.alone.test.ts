// References that the program can't reach any more, and so can't dispose of, are released.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type Interceptor,
  intercept,
  RpcSession,
  type RpcSessionOptions,
  RpcTarget,
} from "../src/index.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** Collects garbage until `isDone`, which a test without the safety net never reaches. */
async function collectUntil(isDone: () => boolean): Promise<void> {
  for (let i = 0; i < 50 && !isDone(); i++) {
    // An object that `isDone` read through a WeakRef is kept until the turn is over.
    await settle(2);
    gc();
    await settle(2);
  }
}

const resources = new Resources();

class Api extends RpcTarget {
  user() {
    return { name: "ann", friends: [resources.make("friend")] };
  }
  thing() {
    return resources.make("thing");
  }
  list() {
    return [1, 2, 3];
  }
  note() {}
  twice(n: number) {
    return n * 2;
  }
  slow(milliseconds: number) {
    return new Promise((resolve) => setTimeout(() => resolve("late"), milliseconds));
  }
  async callBack(callback: (n: number) => unknown) {
    for (let i = 0; i < 20; i++) void callback(i);
  }
}

const KINDS: [string, RpcSessionOptions][] = [
  ["with extensions", { announce: true }],
  ["without", { announce: false }],
  ["with interceptors that look on", { announce: true, interceptors: intercept(lookingOn()) }],
];

/** Its callbacks, which wait for the outcome of each call, hold the promise. */
function lookingOn(): Interceptor {
  return {
    call(_call, next) {
      const promise = next();
      const done = () => void promise.then;
      promise.then(done, done);
      return promise;
    },
    serve: (_call, next) => next(),
  };
}

function start(options: RpcSessionOptions) {
  // Trees, because these ends don't take text that joins messages.
  const level = options.announce ? "jsonCompatible" : "string";
  const connected = pair(new Api(), { level, client: options, server: options });
  return { ...connected, api: connected.api as any };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(KINDS)("a session that releases forgotten stubs, %s,", (_, options) => {
  const USES: [string, (api: any) => unknown][] = [
    ["properties of results that aren't awaited", (api) => api.user().name],
    ["calls that aren't awaited", (api) => void api.note()],
    ["calls on results that aren't awaited", (api) => api.thing().use()],
    ["results of map()", (api) => void api.list().map((n: number) => api.twice(n))],
    ["lists that were mapped", (api) => api.list().map((n: number) => api.twice(n))],
    ["results that are arguments", (api) => api.twice(api.twice(2))],
    ["properties that were listened to", (api) => void api.user().name.onRpcBroken(() => {})],
    ["promises that were duplicated", (api) => void api.user().dup()],
  ];

  test.each(USES)("releases %s", async (_, use) => {
    const { api, isClean } = start(options);
    await settle();
    await (async () => {
      for (let i = 0; i < 70; i++) await use(api);
    })();
    await collectUntil(isClean);
    expect(isClean()).toBe(true);
    expect(await api.twice(1)).toBe(2);
  });

  test("releases results of a server's calls to a client that aren't awaited", async () => {
    const { api, isClean } = start(options);
    await (async () => {
      await api.callBack(() => 1);
    })();
    await collectUntil(isClean);
    expect(isClean()).toBe(true);
  });

  test("stubs that were forgotten, in results and by themselves", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    resources.disposed.length = 0;
    const { api, isClean } = start(options);
    await (async () => {
      const thing = await api.thing();
      thing.dup();
      await api.user();
    })();
    await collectUntil(isClean);
    expect(isClean()).toBe(true);
    expect(resources.disposed.sort()).toEqual(["friend", "thing"]);
  });

  test("keeps everything that is still in use", async () => {
    const { api, client } = start(options);
    const kept: any[] = [];
    await (async () => {
      // Each by another way: a stub of a result, a duplicate, a property, a promise.
      kept.push((await api.user()).friends[0]);
      kept.push((await api.thing()).dup());
      kept.push(api.thing().use);
      kept.push(api.thing());
      kept.push(api.thing().dup());
      for (let i = 0; i < 100; i++) void api.note();
    })();
    await collectUntil(() => client.getStats().imports < 50);
    expect(client.getStats().imports).toBeLessThan(50);
    for (let i = 0; i < 5; i++) {
      gc();
      await settle();
    }
    expect(await kept[0].use()).toBe("used friend");
    expect(await kept[1].use()).toBe("used thing");
    expect(await kept[2]()).toBe("used thing");
    expect(await kept[3].use()).toBe("used thing");
    expect(await kept[4].use()).toBe("used thing");
    api[Symbol.dispose]();
  });

  test("delivers an awaited result although its promise is unreachable", async () => {
    const { api, isClean } = start(options);
    let got: unknown;
    (() => {
      const promise = api.slow(50);
      setTimeout(() => promise.then((value: unknown) => (got = value)), 5);
    })();
    await collectUntil(() => got !== undefined && isClean());
    expect(got).toBe("late");
    expect(isClean()).toBe(true);
  });

  test("goes on if its main stub was dropped", async () => {
    const { api, client, isClean } = start(options);
    await (async () => {
      client.getRemoteMain().dup();
      await api.note();
    })();
    for (let i = 0; i < 5; i++) {
      gc();
      await settle();
    }
    expect(await client.getRemoteMain().twice(2)).toBe(4);
    expect(isClean()).toBe(true);
  });

  test("keeps forgotten stubs if the option says so", async () => {
    const { api, client } = start({ ...options, releaseForgotten: false });
    await (async () => {
      for (let i = 0; i < 10; i++) void api.note();
      await api.thing();
    })();
    for (let i = 0; i < 5; i++) {
      gc();
      await settle();
    }
    expect(client.getStats().imports).toBe(12);
    api[Symbol.dispose]();
  });
});

test("a session releases more forgotten stubs than it looks at in a turn, and no others", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { api, client } = start({ announce: true });
  const kept = await (async () => {
    const things: any[] = [];
    for (let i = 0; i < 2_500; i++) things.push((await api.thing()).dup());
    return things.filter((_, i) => i % 500 === 0);
  })();
  // The main object as well.
  await collectUntil(() => client.getStats().imports === kept.length + 1);
  expect(client.getStats().imports).toBe(kept.length + 1);
  for (const thing of kept) expect(await thing.use()).toBe("used thing");
  api[Symbol.dispose]();
});

test("a stub that the peer introduces again, after it was forgotten, is released with its count", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  class Main extends RpcTarget {
    kept: any;
    keep(stub: any) {
      this.kept = stub.dup();
    }
    take(_stub: unknown) {}
  }
  const main = new Main();
  const { say, sent } = scripted(main);
  say(["push", ["pipeline", 0, ["keep"], [["export", -1]]]]);
  await settle();
  main.kept = undefined;
  await settle();
  gc();
  // Before the session can know.
  say(["push", ["pipeline", 0, ["take"], [["export", -1]]]]);
  const released = () => sent.reduce((sum: number, message: any) => sum + message[2], 0);
  await collectUntil(() => released() === 2);
  expect(sent.filter((message: any) => message[0] !== "release")).toEqual([]);
  expect(released()).toBe(2);
});

test("an abandoned session is collected, with the stubs that its targets hold", async () => {
  const weak = await (async () => {
    const ends: any[] = [];
    const end = () => {
      const transport: any = {
        start(receiver: any) {
          transport.receiver = receiver;
        },
        send: (text: string) => queueMicrotask(() => transport.peer.receiver.receive(text)),
        abort() {},
      };
      ends.push(transport);
      return transport;
    };
    const main = new (class extends RpcTarget {
      held: unknown;
    })();
    const client = new RpcSession<any>(end(), main);
    ends[1] = end();
    [ends[0].peer, ends[1].peer] = [ends[1], ends[0]];
    new RpcSession(ends[1], new Api());
    main.held = await client.getRemoteMain().thing();
    void client.getRemoteMain().note();
    await settle();
    return new WeakRef(client);
  })();
  await collectUntil(() => weak.deref() === undefined);
  expect(weak.deref()).toBeUndefined();
});

describe("the warning about a forgotten stub in development", () => {
  test("says once where the stub was made, if the session keeps traces", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { api, isClean } = start({ releaseForgotten: "trace" });
    await (async function forgetful() {
      for (let i = 0; i < 3; i++) await api.thing();
      for (let i = 0; i < 3; i++) (await api.user()).friends[0].dup();
    })();
    await collectUntil(isClean);
    const messages = warn.mock.calls
      .map(([message]) => String(message))
      .filter((message) => message.includes("It was made by"));
    expect(messages.length).toBeGreaterThan(0);
    expect(new Set(messages).size).toBe(messages.length);
    for (const message of messages) expect(message).toMatch(/forgotten\.alone\.test\.ts/);
  });

  test("isn't given for promises, or in production", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const promises = start({ releaseForgotten: "trace" });
    await (async () => {
      await promises.api.user().name;
    })();
    await collectUntil(promises.isClean);
    vi.stubEnv("NODE_ENV", "production");
    const stubs = start({ releaseForgotten: "trace" });
    await (async () => {
      await stubs.api.thing();
    })();
    await collectUntil(stubs.isClean);
    vi.unstubAllEnvs();
    expect(stubs.isClean()).toBe(true);
    expect(warn).not.toHaveBeenCalled();
  });
});
