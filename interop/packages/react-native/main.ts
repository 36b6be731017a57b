// Runs in Hermes, with both ends of a session in it. Prints "passed" as the last line.
import "./globals.js";
import { RpcStub, RpcTarget } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import { addPolyfills } from "./polyfills.ts";
import { Unlike } from "./unlike.ts";

declare const servers: Record<string, (socket: any) => void>;
declare const print: (text: string) => void;

class Counter extends RpcTarget {
  #count = 0;
  increment(by: number) {
    this.#count += by;
    return this.#count;
  }
}
class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
  counter() {
    return new Counter();
  }
  numbers() {
    return [1, 2, 3];
  }
  async countdown(from: number, show: RpcStub<(n: number) => void>) {
    for (let n = from; n > 0; n--) await show(n);
    return "lift-off";
  }
  echo(value: any) {
    return value;
  }
  photo(): ReadableStream {
    throw new Error("Only the other server sends streams.");
  }
  log(): WritableStream {
    throw new Error("Only the other server sends streams.");
  }
}

servers["api"] = (socket) => newWebSocketRpcSession(socket, new Api());

/** Answers the call with a stream that reads from a pipe. */
servers["readable"] = (socket) => {
  socket.addEventListener("message", ({ data }: { data: string }) => {
    if (!data.includes('"photo"')) return;
    socket.send('["pipe"]');
    socket.send('["resolve",1,["readable",1]]');
  });
};

/** Answers the call with a stream to write to. */
servers["writable"] = (socket) => {
  socket.addEventListener("message", ({ data }: { data: string }) => {
    if (data.includes('"log"')) socket.send('["resolve",1,["writable",-1]]');
  });
};

function same(found: unknown, expected: unknown) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${left} instead of ${right}`);
}

async function failure(call: () => PromiseLike<unknown>): Promise<string> {
  try {
    await call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("The call succeeded.");
}

async function calls() {
  const local = new RpcStub(new Api());
  same(await local.greet("memory"), "Hello, memory!");

  const api = newWebSocketRpcSession<Api>("ws://server/api");
  same(await api.greet("socket"), "Hello, socket!");
  same(await api.counter().increment(5), 5);
  const seen: number[] = [];
  same(await api.countdown(3, (n) => void seen.push(n)), "lift-off");
  same(seen, [3, 2, 1]);
  same(await api.numbers().map((n: any) => api.greet(n)), ["Hello, 1!", "Hello, 2!", "Hello, 3!"]);
  const bytes = await failure(() => api.echo(new Uint8Array(1)));
  if (!bytes.includes("btoa")) throw new Error(bytes);
  addPolyfills();
  const echoed = await api.echo({ at: new Date(0), bytes: new Uint8Array([1, 2, 255]), big: 5n });
  same([echoed.at.getTime(), [...echoed.bytes], String(echoed.big)], [0, [1, 2, 255], "5"]);

  // What can't travel fails by itself.
  const refused = await failure(() => api.echo(new Unlike()));
  if (!refused.includes("Unlike")) throw new Error(refused);
  same(
    await failure(() => api.echo(new Blob(["text"]))),
    "This runtime has no Blob.prototype.stream. Load a polyfill before @capnweb/core.",
  );
  same(await api.greet("after failures"), "Hello, after failures!");
  api[Symbol.dispose]();
  await failure(() => api.greet("the end"));
}

async function streams() {
  const remedy = "Load a polyfill before @capnweb/core.";
  const reader = newWebSocketRpcSession<Api>("ws://server/readable");
  same(await failure(() => reader.photo()), `This runtime has no TransformStream. ${remedy}`);
  const writer = newWebSocketRpcSession<Api>("ws://server/writable");
  same(await failure(() => writer.log()), `This runtime has no WritableStream. ${remedy}`);
}

print("imported");
calls()
  .then(streams)
  .then(
    () => print("passed"),
    (error) => print(`failed: ${error.stack}`),
  );
