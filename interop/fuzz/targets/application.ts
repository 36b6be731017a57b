import { inspect } from "node:util";
import { breakStub, callOptions, currentCall, RpcPromise, RpcStub, RpcTarget } from "@capnweb/core";
import { Box } from "./box.ts";
import { sinkOf, streamOf } from "./hostile-streams.ts";
import { makeBad, makeError } from "./hostile-values.ts";
import type { Ledger } from "./ledger.ts";
import { promisesOf, promisesToLend } from "./native-promises.ts";

/** An application that treats its arguments in every careless or unlucky way. */
export class Application extends RpcTarget {
  readonly #ledger: Ledger;
  #kept: any;

  constructor(ledger: Ledger) {
    super();
    this.#ledger = ledger;
  }

  healthy(token: unknown) {
    return token;
  }
  echo(x: unknown) {
    return x;
  }
  async later(x: unknown) {
    await null;
    return x;
  }
  async wrap(x: unknown) {
    return { x };
  }
  twice(x: unknown) {
    return [x, x];
  }
  boxed(x: unknown) {
    return new Box([x, this.#ledger.target(), Promise.resolve(() => 1)]);
  }
  boxedWithTwice(x: unknown) {
    return new Box([x, [new Box([x])]]);
  }
  list() {
    return [1, { a: 2 }, [3]];
  }
  big() {
    return "x".repeat(10_000);
  }
  ignore() {
    return 1;
  }
  hang() {
    return this.#ledger.hang();
  }
  self() {
    return new RpcStub(this.#ledger.target());
  }

  // Arguments, kept and given back.

  keep(x: any) {
    this.#kept?.[Symbol.dispose]?.();
    this.#kept = x?.dup?.();
    this.#ledger.onLetGo(() => this.drop());
    return 1;
  }
  give() {
    return this.#kept?.dup?.();
  }
  drop() {
    this.#kept?.[Symbol.dispose]?.();
    this.#kept = undefined;
  }
  async awaited(x: any) {
    return await x;
  }
  async property(x: any) {
    return await x.x;
  }
  call(f: any, x: unknown) {
    return f(x);
  }
  async callLater(f: any, x: unknown) {
    const seen = await f(x);
    return { seen, x };
  }
  async callTwice(f: any) {
    const first = await f(1);
    try {
      return [first, await f(this.#ledger.target())];
    } catch (error) {
      // The result is never returned, so it is disposed of here.
      first?.[Symbol.dispose]?.();
      throw error;
    }
  }
  async map(x: any) {
    return await x.map((each: any) => ({ each, again: this.#kept ?? 1 }));
  }
  broken(x: any) {
    this.#ledger.kept(x.onRpcBroken(() => {}));
    return 1;
  }
  throwing(x: any) {
    this.#ledger.kept(
      x.onRpcBroken(() => {
        throw new Error("thrown by an onRpcBroken callback");
      }),
    );
    return 1;
  }
  disposed(x: any) {
    x[Symbol.dispose]();
    return x;
  }

  // Contexts.

  context() {
    const { signal, deadline, metadata, session } = currentCall();
    return {
      isAborted: signal.aborted,
      hasDeadline: deadline !== undefined,
      metadata,
      is: !!session,
    };
  }
  /** Ends with its signal, if it has an end. */
  async obey() {
    const { signal } = currentCall();
    const never = this.#ledger.hang();
    await Promise.race([
      never,
      new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true })),
    ]);
    throw signal.reason;
  }
  async callInTime(f: any, x: unknown) {
    using quick = callOptions(f, { timeout: 5, metadata: { x: 1 } });
    return await quick(x);
  }

  // Targets.

  target() {
    return this.#ledger.target();
  }
  async targets() {
    await null;
    return { a: this.#ledger.target(), list: [this.#ledger.target()] };
  }
  callback() {
    return (x: unknown) => ({ x });
  }
  promise() {
    return new RpcPromise(Promise.resolve(this.#ledger.target()));
  }
  get child() {
    return new Child();
  }
  get data() {
    return { a: { b: [1, 2] }, x: 1 };
  }
  get getter(): unknown {
    throw makeError(1);
  }

  // Capabilities that are declared broken.

  dead() {
    const target = this.#ledger.target();
    breakStub(target, makeError(1));
    return target;
  }
  async dying(x: unknown) {
    const target = this.#ledger.target();
    void Promise.resolve().then(() => breakStub(target, makeError(2)));
    await null;
    return { stub: new RpcStub(target), x };
  }
  dies(x: unknown) {
    breakIfForeign(x);
    return x;
  }
  diesLater(x: any) {
    const stub = this.#ledger.kept(x.dup());
    void Promise.resolve().then(() => breakIfForeign(stub));
    return stub.dup();
  }

  // Native promises.

  promises(which: unknown) {
    return promisesOf(which, this.#ledger);
  }
  async promisesLater(which: unknown) {
    await null;
    return { promises: promisesOf(which, this.#ledger), target: this.#ledger.target() };
  }
  promiseOf(x: unknown) {
    return { promise: Promise.resolve(x), all: Promise.all([x, this.#ledger.target()]) };
  }
  async callWithPromises(f: any, which: unknown) {
    // Without a call, the promises would have no owner.
    if (typeof f !== "function") throw new TypeError("It can't be called.");
    return await f(promisesToLend(which, this.#ledger), Promise.resolve(which));
  }
  get soon() {
    return Promise.resolve({ child: new Child(), x: 1, list: [1, Promise.resolve({ a: 2 })] });
  }
  get never() {
    return Promise.reject(makeError(2));
  }

  // Failures.

  fail(which: unknown): never {
    throw makeError(which);
  }
  async failLater(which: unknown): Promise<never> {
    await null;
    throw makeError(which);
  }
  bad(which: unknown) {
    return makeBad(which);
  }
  async badLater(which: unknown) {
    await null;
    return makeBad(which);
  }
  async badWith(which: unknown, x: unknown) {
    const bad = makeBad(which);
    return { x, target: this.#ledger.target(), bad, last: this.#ledger.target() };
  }
  inError(x: unknown) {
    const inner = new Error("inner", { cause: new RpcStub(this.#ledger.target()) });
    return { error: Object.assign(new Error("m", { cause: [inner] }), { errors: [x] }), x };
  }

  // Streams.

  stream(which: unknown) {
    return streamOf(which, this.#ledger);
  }
  sink(which: unknown) {
    return sinkOf(which, this.#ledger);
  }
  blob() {
    return new Blob(["some text"]);
  }
  response() {
    return new Response("the body");
  }
  async read(stream: any) {
    let count = 0;
    for await (const chunk of stream) {
      chunk?.[Symbol.dispose]?.();
      if (++count > 100) break;
    }
    return count;
  }
  // A peer's stub in place of a stream, reader or text returns promises of any value. They are
  // kept.

  async readOne(stream: any) {
    const reader = this.#ledger.kept(stream.getReader());
    const { value } = await this.#ledger.kept(reader.read());
    // The result hands over a target of ours, so it isn't kept. Stubs and functions are also
    // instances of RpcTarget.
    if (typeof value === "function" || !(value instanceof RpcTarget)) this.#ledger.kept(value);
    await this.#ledger.kept(reader.cancel(makeError(value)));
    return value;
  }
  async write(stream: any, chunk: unknown) {
    const writer = this.#ledger.kept(stream.getWriter());
    await this.#ledger.kept(writer.write(chunk));
    await this.#ledger.kept(writer.write(() => 1));
    await this.#ledger.kept(writer.close());
    return 1;
  }
  async size(x: any) {
    return (await this.#ledger.kept(x.text())).length;
  }

  [Symbol.dispose]() {
    this.#ledger.mainDisposed++;
  }
}

class Child extends RpcTarget {
  get child() {
    return new Child();
  }
  echo(x: unknown) {
    return x;
  }
  [Symbol.dispose]() {
    throw new Error("thrown by a disposer");
  }
}

/** Declares a capability of the peer's broken. A broken main object would answer nothing more. */
function breakIfForeign(x: unknown): void {
  if (!/session import/.test(inspect(x))) return;
  try {
    breakStub(x as never, makeBad(1));
  } catch {
    // A promise, for example.
  }
}
