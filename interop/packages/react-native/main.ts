// Runs in Hermes, with both ends of a session in it. Prints "passed" as the last line.
import "./globals.js";
import { RpcStub, RpcTarget } from "@capnweb/core";
import { connect } from "@capnweb/reconnect";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import { Unlike } from "./unlike.ts";

declare const servers: Record<string, (socket: any) => void>;
declare const print: (text: string) => void;

class Counter extends RpcTarget {
  #count = 0;
  increment(by: number) {
    return (this.#count += by);
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

/** Answers the first call with a stream that reads from a pipe, and the second with one to write. */
servers["streams"] = (socket) => {
  socket.addEventListener("message", ({ data }: { data: string }) => {
    if (data.includes('"photo"')) {
      socket.send('["pipe"]');
      socket.send('["resolve",1,["readable",1]]');
    } else if (data.includes('"log"')) {
      socket.send('["resolve",2,["writable",-1]]');
    } else if (data.includes('"greet"')) {
      socket.send('["resolve",3,"still here"]');
    }
  });
};

function same(found: unknown, expected: unknown) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${left} instead of ${right}`);
}

async function failure(promise: PromiseLike<unknown>): Promise<string> {
  try {
    await promise;
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
  const echoed = await api.echo({ at: new Date(0), bytes: new Uint8Array([1, 2, 255]), big: 5n });
  same([echoed.at.getTime(), [...echoed.bytes], String(echoed.big)], [0, [1, 2, 255], "5"]);

  // What can't travel fails by itself.
  const refused = await failure(api.echo(new Unlike()));
  if (!refused.includes("Unlike")) throw new Error(refused);
  same(
    await failure(api.echo(new Blob(["text"]))),
    "This runtime has no Blob.prototype.stream. Load a polyfill before @capnweb/core.",
  );
  same(await api.greet("after failures"), "Hello, after failures!");
  api[Symbol.dispose]();
  await failure(api.greet("the end"));
}

async function streams() {
  const api = newWebSocketRpcSession<Api>("ws://server/streams");
  const remedy = "Load a polyfill before @capnweb/core.";
  same(await failure(api.photo()), `This runtime has no TransformStream. ${remedy}`);
  same(await failure(api.log()), `This runtime has no WritableStream. ${remedy}`);
  same(await api.greet("you"), "still here");
}

print(typeof connect === "function" ? "imported" : "not imported");
calls()
  .then(streams)
  .then(
    () => print("passed"),
    (error) => print(`failed: ${error.stack}`),
  );
