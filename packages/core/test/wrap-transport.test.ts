import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RpcSession, RpcTarget, type Transport, wrapTransport } from "../src/index.ts";
import type { TransportReceiver } from "../src/transport.ts";
import { failure } from "./support/failure.ts";
import { settle } from "./support/pair.ts";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
}

/** A transport with every member of the contract, which notes what it is called with. */
class Complete implements Required<Transport> {
  readonly #calls: unknown[] = [];
  readonly encodingLevel = "jsonCompatible";
  readonly announces = "reply";
  readonly isBinary = true;
  readonly received = {};
  peerAnnounced = false;
  peerDocuments = undefined;

  get calls() {
    return this.#calls;
  }
  carry(context: unknown) {
    this.#calls.push(["carry", context]);
  }
  unneeded() {
    this.#calls.push(["unneeded"]);
  }
  start(receiver: TransportReceiver) {
    this.#calls.push(["start", receiver]);
  }
  send(message: unknown) {
    this.#calls.push(["send", message]);
    return 7;
  }
  flush() {
    this.#calls.push(["flush"]);
  }
  whenWritable() {
    this.#calls.push(["whenWritable"]);
    return undefined;
  }
  pause() {
    this.#calls.push(["pause"]);
  }
  resume() {
    this.#calls.push(["resume"]);
  }
  abort(reason: unknown) {
    this.#calls.push(["abort", reason]);
  }
}

/** One end of a connection in memory, with the fewest members that a transport may have. */
class Minimal implements Transport {
  receiver!: TransportReceiver;
  peer!: Minimal;
  aborted: unknown;
  start(receiver: TransportReceiver) {
    this.receiver = receiver;
  }
  send(message: unknown) {
    queueMicrotask(() => this.peer.receiver.receive(message));
  }
  abort(reason: unknown) {
    this.aborted = reason;
    queueMicrotask(() => this.peer.receiver.close(new Error("connection lost")));
  }
}

function minimalPair() {
  const [near, far] = [new Minimal(), new Minimal()];
  near.peer = far;
  far.peer = near;
  new RpcSession(far, new Api());
  return { near, far };
}

/** The names in the source of the contract. */
function membersOfContract(): string[] {
  const source = readFileSync(new URL("../src/transport.ts", import.meta.url), "utf8");
  const [, body] = /^export interface Transport \{\n(.*?)^\}/ms.exec(source)!;
  return [...body!.matchAll(/^ {2}(?:readonly )?(\w+)\??[(:]/gm)].map(([, name]) => name!);
}

describe("a wrapped transport", () => {
  test("has every member of the contract that the inner one has", () => {
    const names = membersOfContract();
    expect(names).toEqual(expect.arrayContaining(["encodingLevel", "start", "flush", "abort"]));
    // With a member that the contract gains, and the wrapper doesn't know yet.
    const inner = Object.fromEntries(names.map((name) => [name, () => name]));
    const wrapped: object = wrapTransport(inner as never);
    expect(Object.keys(wrapped).sort()).toEqual([...names].sort());
  });

  test("has no member that the inner one lacks", () => {
    expect(Object.keys(wrapTransport(new Minimal())).sort()).toEqual(["abort", "send", "start"]);
  });

  test("calls the inner one's methods on the inner one, and returns their results", () => {
    const inner = new Complete();
    const { start, send, flush, whenWritable, pause, resume, abort } = wrapTransport(inner);
    const receiver = {} as TransportReceiver;
    start(receiver);
    expect(send("message")).toBe(7);
    for (const each of [flush, whenWritable, pause, resume]) each!();
    abort("reason");
    expect(inner.calls).toEqual([
      ["start", receiver],
      ["send", "message"],
      ["flush"],
      ["whenWritable"],
      ["pause"],
      ["resume"],
      ["abort", "reason"],
    ]);
  });

  test("has the inner one's properties, with their current values", () => {
    const inner = new Complete();
    const wrapped = wrapTransport(inner);
    expect(wrapped).toMatchObject({
      encodingLevel: "jsonCompatible",
      announces: "reply",
      isBinary: true,
      peerAnnounced: false,
    });
    inner.peerAnnounced = true;
    expect(wrapped.peerAnnounced).toBe(true);
  });

  test("has the overrides in place of the inner one's members, and besides them", () => {
    class Overrides {
      readonly isBinary = false;
      readonly flushed: string[] = [];
      flush() {
        this.flushed.push("flush");
      }
    }
    const overrides = new Overrides();
    const wrapped = wrapTransport(new Minimal(), overrides);
    wrapped.flush!();
    expect(overrides.flushed).toEqual(["flush"]);
    expect(wrapped.isBinary).toBe(false);
    expect("flushed" in wrapped).toBe(false);
    expect(wrapTransport(new Complete(), { isBinary: undefined }).isBinary).toBe(true);
  });

  test("can see and change everything that a session sends and receives", async () => {
    const { near } = minimalPair();
    const seen: unknown[] = [];
    const wrapped = wrapTransport(near, {
      send(message) {
        seen.push(message);
        return near.send(String(message).replace('"a"', '"b"'));
      },
      receive(message, receiver) {
        seen.push(message);
        receiver.receive(String(message).replace('"b"', '"c"'));
      },
    });
    const api = new RpcSession<Api>(wrapped, undefined, { announce: false }).getRemoteMain();
    seen.length = 0;
    expect(await api.echo("a")).toBe("c");
    await settle();
    expect(seen).toContain('["push",["pipeline",0,["echo"],["a"]]]');
    expect(seen).toContain('["resolve",1,"b"]');
  });

  test("passes on the ends of the peer and of the medium", async () => {
    const { near } = minimalPair();
    const wrapped = wrapTransport(near, { receive: (frame, receiver) => receiver.receive(frame) });
    const ends: unknown[] = [];
    wrapped.start({
      receive() {},
      end: (reason) => ends.push(["end", reason]),
      close: (reason) => ends.push(["close", reason]),
    });
    near.receiver.end("no more");
    near.receiver.close("gone");
    expect(ends).toEqual([
      ["end", "no more"],
      ["close", "gone"],
    ]);
  });

  test("ends the session, and closes, if an override of receive() throws", async () => {
    const { near } = minimalPair();
    const thrown = new Error("careless");
    const wrapped = wrapTransport(near, {
      receive() {
        throw thrown;
      },
    });
    const api = new RpcSession<Api>(wrapped).getRemoteMain();
    expect(await failure(api.echo(1))).toBe(thrown);
    expect(near.aborted).toBe(thrown);
    near.receiver.receive("more");
  });

  test("may be wrapped again", async () => {
    const { near } = minimalPair();
    const log: string[] = [];
    const note = (name: string, inner: Transport) =>
      wrapTransport(inner, {
        send(message) {
          log.push(name);
          return inner.send(message);
        },
        receive(message, receiver) {
          log.push(`${name} received`);
          receiver.receive(message);
        },
      });
    const wrapped = note("outer", note("inner", near));
    const api = new RpcSession<Api>(wrapped, undefined, { announce: false }).getRemoteMain();
    log.length = 0;
    const echoed = api.echo(1).then((value) => value);
    expect(log.slice(0, 2)).toEqual(["outer", "inner"]);
    expect(await echoed).toBe(1);
    const at = log.indexOf("inner received");
    expect(log[at + 1]).toBe("outer received");
  });

  test("ends the session, and closes, if an asynchronous override of receive() rejects", async () => {
    const { near } = minimalPair();
    const thrown = new Error("garbage");
    const wrapped = wrapTransport(near, {
      async receive() {
        throw thrown;
      },
    });
    const api = new RpcSession<Api>(wrapped).getRemoteMain();
    expect(await failure(api.echo(1))).toBe(thrown);
    expect(near.aborted).toBe(thrown);
  });
});
