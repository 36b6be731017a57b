import { describe, expect, test } from "vitest";
import {
  RpcSession,
  type RpcSessionOptions,
  RpcTarget,
  type Transport,
  type TransportReceiver,
} from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";
import { printedErrors } from "./support/unhandled.ts";

class Api extends RpcTarget {
  add(a: number, b: number) {
    return a + b;
  }
  never() {
    return new Promise(() => {});
  }
  take(..._args: unknown[]) {}
  async later(value: unknown) {
    return value;
  }
}

describe("a malformed message ends the session", () => {
  const MESSAGES: readonly (readonly [string, RegExp])[] = [
    ["not json", /is not valid JSON/],
    ["", /JSON/],
    ["5", /bad RPC message: 5/],
    ["null", /bad RPC message: null/],
    ["{}", /bad RPC message: \{\}/],
    ["[]", /bad RPC message: \[\]/],
    ['["hello"]', /bad RPC message/],
    ['["push"]', /bad RPC message/],
    ['["push",1,2]', /bad RPC message/],
    ['["pull"]', /bad RPC message/],
    ['["pull","1"]', /bad RPC message/],
    ['["pull",1.5]', /bad RPC message/],
    ['["pull",99]', /no such export ID: 99/],
    ['["release",1,1]', /no such export ID: 1/],
    ['["release",0,2]', /refcount would go negative/],
    ['["release",0,0]', /bad RPC message/],
    ['["release",0,-1]', /bad RPC message/],
    ['["resolve",1]', /bad RPC message/],
    ['["push",["pipeline",7,[]]]', /no such entry on exports table: 7/],
    ['["push",["import",7]]', /no such entry on exports table: 7/],
    ['["push",["pipeline",0,"x"]]', /unknown special value/],
    ['["push",["pipeline",0,[null]]]', /unknown special value/],
    ['["push",["pipeline",0,["take"],5]]', /unknown special value/],
    ['["push",["pipeline","0",[]]]', /unknown special value/],
    ['["push",["nonsense"]]', /unknown special value: \["nonsense"\]/],
    ['["push",[]]', /unknown special value: \[\]/],
    ['["push",["remap",0,[],[["import",9]],[0]]]', /no such entry/],
    ['["push",["remap",0,[],[["promise",-1]],[0]]]', /unknown map capture/],
    ['["push",["remap",0,[]]]', /unknown special value/],
    ['["push",["export",1]]', /bad export ID: 1/],
    ['["push",["export",0]]', /bad export ID: 0/],
    ['["push",["export",-1.5]]', /bad export ID: -1.5/],
    ['["push",["promise",3]]', /bad export ID: 3/],
    ['["push",["readable",5]]', /Export 5 is not a pipe/],
    ['["push",["readable",0]]', /Export 0 is not a pipe/],
    ['["push",["bigint","1".concat()]]', /JSON/],
    [`["push",["bigint","${"1".repeat(16_385)}"]]`, /maximum length of 16384 digits/],
    [`["push",${"[[".repeat(300)}${"]]".repeat(300)}]`, /maximum allowed message depth of 256/],
  ];

  test.each(MESSAGES)("%.60s", async (message, reason) => {
    const resources = new Resources();
    const main = resources.make("main");
    const { say, sent, ended, transport, session } = scripted(main);
    say(message);
    await settle();
    expect(ended.reason.message).toMatch(reason);
    expect(sent.at(-1)[0]).toBe("abort");
    expect(sent.at(-1)[1][2]).toMatch(reason);
    expect(transport.aborted).toBeDefined();
    // Everything that the peer had references to is gone, and no more of its messages are taken.
    expect(resources.disposed).toEqual(["main"]);
    expect(session.getStats()).toEqual({ imports: 0, exports: 0 });
    const { length } = sent;
    say(["push", ["pipeline", 0, []]]);
    expect(sent).toHaveLength(length);
  });

  test("a message over the size limit is refused unparsed", () => {
    const { say, ended } = scripted(new Api(), { limits: { maxMessageSize: 50 } });
    say(`["push",${" ".repeat(50)}!`);
    expect(ended.reason).toMatchObject({
      limit: "maxMessageSize",
      message: expect.stringContaining("Over limits.maxMessageSize of 50"),
      code: "LIMIT",
    });
  });

  test("a custom depth limit counts through a call's arguments", () => {
    const { say, ended } = scripted(new Api(), { limits: { maxDepth: 6 } });
    say(["push", ["pipeline", 0, ["take"], [[[1]]]]]);
    expect(ended.reason).toBeUndefined();
    let nested: unknown = 1;
    for (let i = 0; i < 6; i++) nested = ["pipeline", 0, ["take"], [nested]];
    say(["push", nested]);
    expect(ended.reason.message).toMatch(/depth of 6/);
  });

  test("a message's depth doesn't include that of another one handled meanwhile", async () => {
    const deep = [[[[[[[[1]]]]]]]];
    const inner = ["push", ["pipeline", 0, ["take"], [deep]]];
    class Reentrant extends Api {
      more() {
        say(inner);
        return 7;
      }
    }
    const { say, sent, ended } = scripted(new Reentrant(), { limits: { maxDepth: 6 } });
    say(["stream", ["pipeline", 0, ["take"], [["pipeline", 0, ["more"], []]]]]);
    say(inner);
    await settle();
    expect(ended.reason).toBeUndefined();
    expect(sent).toEqual([["resolve", 2, ["undefined"]]]);
  });

  test("a peer's unknown ids are ignored if the protocol says so", async () => {
    const { say, sent, ended } = scripted(new Api());
    say(["resolve", 77, ["export", -1]]);
    say(["reject", 78, ["error", "Error", "x"]]);
    say(["reject", 2147483647, { capnweb: { v: 1 } }]);
    await settle();
    expect(ended.reason).toBeUndefined();
    // The references of the resolution are released.
    expect(sent).toEqual([["release", -1, 1]]);
  });

  test("a session that ends leaves other sessions alone", async () => {
    const main = new Api();
    const healthy = pair(main);
    const attacked = scripted(main);
    attacked.say("garbage");
    expect(await healthy.api.add(1, 1)).toBe(2);
  });
});

describe("when a session ends", () => {
  test("every pending call rejects with the reason, and listeners are called once, in order", async () => {
    const { api, clientEnd } = pair(new Api());
    const heard: string[] = [];
    api.onRpcBroken(() => heard.push("first"));
    const unregister = api.onRpcBroken(() => heard.push("unregistered"));
    api.onRpcBroken(() => heard.push("second"));
    unregister();
    const pending = [api.never(), api.never()].map((promise) => failure(promise));
    const reason = new Error("cut");
    clientEnd.receiver.close(reason);
    clientEnd.receiver.close(new Error("again"));
    expect(await Promise.all(pending)).toEqual([reason, reason]);
    expect(heard).toEqual(["first", "second"]);
    expect(await failure(api.add(1, 2))).toBe(reason);
  });

  test("its reason may be a function, called when the error is first needed", async () => {
    const reason = new Error("cut");
    let asked = 0;
    const late = () => {
      asked++;
      return reason;
    };
    pair(new Api()).clientEnd.receiver.close(late);
    expect(asked).toBe(0);
    const { api, clientEnd } = pair(new Api());
    const pending = failure(api.never());
    clientEnd.receiver.close(late);
    expect([await pending, await failure(api.add(1, 2))]).toEqual([reason, reason]);
    const heard: unknown[] = [];
    api.onRpcBroken((error) => heard.push(error));
    expect(heard).toEqual([reason]);
    expect(asked).toBe(1);
  });

  test("a listener that another one unregisters isn't called", () => {
    const { api, clientEnd } = pair(new Api());
    const heard: string[] = [];
    api.onRpcBroken(() => unregister());
    const unregister = api.onRpcBroken(() => heard.push("unregistered"));
    api.onRpcBroken(() => heard.push("last"));
    clientEnd.receiver.close(new Error("cut"));
    expect(heard).toEqual(["last"]);
  });

  test("a listener of a pending result is called once, and so is one registered meanwhile", () => {
    const { api, clientEnd } = pair(new Api());
    const heard: string[] = [];
    const pending = api.never();
    pending.onRpcBroken(() => {
      heard.push("before");
      pending.onRpcBroken(() => heard.push("meanwhile"));
    });
    const unregister = pending.onRpcBroken(() => heard.push("unregistered"));
    unregister();
    clientEnd.receiver.close(new Error("cut"));
    expect(heard).toEqual(["before", "meanwhile"]);
  });

  test("registering on a broken stub calls back at once", () => {
    const { api, clientEnd } = pair(new Api());
    clientEnd.receiver.close(new Error("gone"));
    const heard: string[] = [];
    api.onRpcBroken((error) => heard.push(error.message));
    expect(heard).toEqual(["gone"]);
  });

  test("both sides end, if the main stub is disposed of", async () => {
    const resources = new Resources();
    const { api, clientEnd, serverEnd } = pair(resources.make("main"));
    api[Symbol.dispose]();
    await settle();
    expect(clientEnd.aborted?.reason).toMatchObject({ code: "SESSION_DISPOSED" });
    expect(resources.disposed).toEqual(["main"]);
    expect(serverEnd.aborted).toBeUndefined();
  });

  test("a peer's abort is the reason for every listener, and isn't answered", async () => {
    const { say, sent, api, transport } = scripted();
    const pending = failure(api.something());
    say(["abort", ["error", "RangeError", "had enough"]]);
    expect(await pending).toMatchObject({ name: "RangeError", message: "had enough" });
    expect(sent.some(([tag]) => tag === "abort")).toBe(false);
    expect(transport.aborted?.reason.message).toBe("had enough");
  });

  test("our exports that the peer still held are disposed of", async () => {
    const resources = new Resources();
    class Main extends RpcTarget {
      make() {
        return resources.make("result");
      }
    }
    const { api, serverEnd } = pair(new Main());
    await api.make();
    serverEnd.receiver.close(new Error("cut"));
    expect(resources.disposed).toEqual(["result"]);
  });

  test("a listener that throws keeps no other from being called", async () => {
    const { api, clientEnd } = pair(new Api());
    const heard: string[] = [];
    const printed = await printedErrors(() => {
      api.onRpcBroken(() => {
        throw new Error("careless");
      });
      api.onRpcBroken(() => heard.push("heard"));
      clientEnd.receiver.close(new Error("cut"));
    });
    expect(heard).toEqual(["heard"]);
    expect(printed).toMatchObject([{ message: "careless" }]);
  });
});

describe("draining and half-closing", () => {
  test("drain() waits for every requested result", async () => {
    let answer!: (value: number) => void;
    class Main extends RpcTarget {
      ask() {
        return new Promise((resolve) => {
          answer = resolve;
        });
      }
    }
    const { say, sent, session } = scripted(new Main());
    await session.drain();
    say(["push", ["pipeline", 0, ["ask"], []]]);
    say(["pull", 1]);
    const drained = session.drain().then(() => sent.length);
    await settle();
    expect(sent).toEqual([]);
    answer(5);
    expect(await drained).toBe(1);
  });

  test("drain() resolves once the answers to awaited calls have left", async () => {
    const sent: unknown[] = [];
    let receiver!: TransportReceiver;
    const session = new RpcSession<any>(
      {
        announces: false,
        start: (to) => {
          receiver = to;
        },
        send: (message: unknown) => void sent.push(message),
        abort() {},
      },
      new Api(),
      { streamCalls: true },
    );
    receiver.receive('["stream",["pipeline",0,["add"],[1,0]]]');
    await session.drain();
    expect(sent).toEqual(['["resolve",1,1]']);
    receiver.receive('["stream",["pipeline",0,["later"],[2]]]');
    await session.drain();
    expect(sent).toEqual(['["resolve",1,1]', '["resolve",2,2]']);
  });

  test("drain() rejects if the session ends first", async () => {
    const { say, session, transport } = scripted(new Api());
    say(["push", ["pipeline", 0, ["never"], []]]);
    say(["pull", 1]);
    const drained = failure(session.drain());
    transport.receiver.close(new Error("cut"));
    expect((await drained).message).toBe("cut");
    expect((await failure(session.drain())).message).toBe("cut");
  });

  test("once the peer can't answer, awaiting it fails, but results still leave", async () => {
    class Main extends RpcTarget {
      async callBack(callback: () => unknown) {
        return (await failure(callback() as any)).message;
      }
    }
    const { say, sent, transport } = scripted(new Main());
    say(["push", ["pipeline", 0, ["callBack"], [["export", -1]]]]);
    say(["pull", 1]);
    transport.receiver.end(() => new Error("it has hung up"));
    await settle();
    expect(sent).toContainEqual(["resolve", 1, "it has hung up"]);
  });
});

describe("a transport that fails to send", () => {
  /**
   * A session whose transport fails to send a message like `which`.
   *
   * @returns the messages that were sent, or tried
   */
  function failing(which: string, options: RpcSessionOptions) {
    const sent: string[] = [];
    const transport: Transport = {
      encodingLevel: "jsonCompatible",
      start(receiver) {
        queueMicrotask(() =>
          receiver.receive(["push", ["pipeline", 0, ["take"], [["writable", -1]]]]),
        );
      },
      send(message) {
        const tag = (message as string[])[0]!;
        sent.push(tag);
        if (tag === which) throw new Error("cut");
      },
      abort() {},
    };
    let writer!: WritableStreamDefaultWriter;
    class Main extends RpcTarget {
      take(stream: WritableStream) {
        writer = stream.getWriter();
        return new Promise(() => {});
      }
    }
    const session = new RpcSession<any>(transport, new Main(), { announce: false, ...options });
    return { api: session.getRemoteMain(), sent, writer: () => writer };
  }

  test("fails the call that has a stream as an argument", async () => {
    const { api, sent } = failing("pipe", {});
    expect((await failure(api.take(new ReadableStream()))).message).toBe("cut");
    expect(sent).toEqual(["pipe"]);
  });

  test("sends nothing that was kept back, not even the chunk that made it leave", async () => {
    const { api, sent, writer } = failing("push", { streamCalls: true });
    await settle();
    const called = failure(api.add(1, 2).anything());
    const written = failure(writer().write("chunk"));
    expect((await called).message).toBe("cut");
    expect((await written).message).toBe("cut");
    expect(sent).toEqual(["push"]);
  });
});
