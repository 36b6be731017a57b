import type { Implementation } from "./implementation.ts";

/** The events at the server, for scenarios to check. */
export type Events = string[];

/** The main object of every scenario's server, built on the implementation under test. */
export function createApi(implementation: Implementation, events: Events = []): any {
  const { RpcTarget, RpcStub, RpcPromise } = implementation;

  class Counter extends RpcTarget {
    #count: number;
    readonly #name: string;
    constructor(name: string, start = 0) {
      super();
      this.#name = name;
      this.#count = start;
    }
    increment(by = 1) {
      this.#count += by;
      return this.#count;
    }
    get value() {
      return this.#count;
    }
    self() {
      return this;
    }
    [Symbol.dispose]() {
      events.push(`disposed ${this.#name}`);
    }
  }

  class User extends RpcTarget {
    readonly #id: number;
    instanceProperty = "private";
    constructor(id: number) {
      super();
      this.#id = id;
    }
    get id() {
      return this.#id;
    }
    get name() {
      return `user ${this.#id}`;
    }
    get profile() {
      return { city: { name: `city ${this.#id}` }, tags: ["a", "b"], nothing: null };
    }
    greet(greeting: string) {
      return `${greeting}, ${this.name}`;
    }
    friends() {
      return [new User(this.#id * 10), new User(this.#id * 10 + 1)];
    }
    friend() {
      return new User(this.#id * 10);
    }
    fail(): never {
      throw new RangeError(`no such thing for ${this.#id}`);
    }
  }

  return new (class Api extends RpcTarget {
    #kept: any;
    #collected: unknown[] = [];

    // Values.
    echo(...values: unknown[]) {
      return values.length === 1 ? values[0] : values;
    }
    add(a: number, b: number) {
      return a + b;
    }
    async slowAdd(a: number, b: number) {
      await Promise.resolve();
      return a + b;
    }
    numbers(count: number) {
      return Array.from({ length: count }, (_, i) => i + 1);
    }
    matrix() {
      return [[1, 2], [3], []];
    }
    maybe(there: boolean) {
      return there ? { name: "there" } : null;
    }
    nothing() {}
    get settings() {
      return { theme: { name: "dark" }, list: [{ v: 1 }, { v: 2 }] };
    }
    describe(value: unknown) {
      return Object.prototype.toString.call(value);
    }

    // Targets.
    counter(name = "counter", start = 0) {
      return new Counter(name, start);
    }
    counters() {
      return { a: new Counter("a"), list: [new Counter("b"), new Counter("c")] };
    }
    user(id: number) {
      return new User(id);
    }
    users() {
      return [1, 2, 3].map((id) => new User(id));
    }
    userIds() {
      return [1, 2, 3];
    }
    makeAdder(by: number) {
      return (x: number) => x + by;
    }
    stubOfCounter() {
      return new RpcStub(new Counter("stubbed"));
    }
    promiseOfCounter() {
      return new RpcPromise(Promise.resolve(new Counter("promised")));
    }
    promiseOfPromise() {
      return new RpcPromise(Promise.resolve(new RpcPromise(Promise.resolve(5))));
    }
    withPromise() {
      return { later: new RpcPromise(Promise.resolve("late")), now: 1 };
    }
    withFailingPromise() {
      return { later: new RpcPromise(Promise.reject(new Error("never"))) };
    }

    // The caller's functions and targets.
    async call(callback: any, ...args: unknown[]) {
      return await callback(...args);
    }
    callWithoutWaiting(callback: any, ...args: unknown[]) {
      callback(...args);
      return "called";
    }
    forward(callback: any, ...args: unknown[]) {
      return callback(...args);
    }
    bounce(callback: any) {
      return callback.dup();
    }
    async callTwice(callback: any) {
      const first = await callback(1);
      return [first, await callback(2)];
    }
    keep(callback: any) {
      this.#kept = callback.dup();
    }
    async callKept(...args: unknown[]) {
      return await this.#kept(...args);
    }
    dropKept() {
      this.#kept[Symbol.dispose]();
      this.#kept = undefined;
    }
    async useObject(object: any) {
      return [await object.increment(5), await object.value];
    }
    async pipelineOn(object: any) {
      return await object.self().self().increment(1);
    }
    ignore(..._args: unknown[]) {
      return "ignored";
    }
    async mapOver(list: any) {
      return await list.map((x: any) => ({ doubled: this.double(x) }));
    }
    double(x: number) {
      return x * 2;
    }

    // Failures.
    fail(message = "failed"): never {
      throw new Error(message);
    }
    failWith(kind: string): never {
      if (kind === "props") throw Object.assign(new TypeError("with props"), { code: "E", n: [1] });
      if (kind === "cause") throw new Error("outer", { cause: new RangeError("inner") });
      if (kind === "aggregate") throw new AggregateError([new Error("one"), 2], "several");
      if (kind === "custom") {
        class CustomError extends Error {
          override name = "CustomError";
        }
        throw new CustomError("custom");
      }
      if (kind === "string") throw "just a string";
      if (kind === "undefined") throw undefined;
      throw { code: 5, nested: { list: [1] } };
    }
    async failLater(): Promise<never> {
      await Promise.resolve();
      throw new SyntaxError("later");
    }
    unsendable() {
      return { map: new Map() };
    }
    async failWithArgument(_callback: any): Promise<never> {
      throw new Error("after taking it");
    }

    // Streams.
    countTo(count: number) {
      let next = 1;
      return new ReadableStream({
        pull(controller) {
          if (next > count) controller.close();
          else controller.enqueue(next++);
        },
        cancel(reason) {
          events.push(`canceled: ${reason?.message ?? reason}`);
        },
      });
    }
    bytes(count: number, size: number) {
      let left = count;
      return new ReadableStream({
        pull(controller) {
          if (left-- === 0) controller.close();
          else controller.enqueue(new Uint8Array(size).fill(left));
        },
      });
    }
    brokenStream() {
      let first = true;
      return new ReadableStream({
        pull(controller) {
          if (first) controller.enqueue("first");
          else controller.error(new Error("stream broke"));
          first = false;
        },
      });
    }
    streamOfCounters() {
      return new ReadableStream({
        start(controller) {
          controller.enqueue(new Counter("one", 1));
          controller.enqueue(new Counter("two", 2));
          controller.close();
        },
      });
    }
    async collect(stream: ReadableStream) {
      const chunks: unknown[] = [];
      for await (const chunk of stream as any) chunks.push(chunk);
      return chunks;
    }
    async collectBytes(stream: ReadableStream<Uint8Array>) {
      let size = 0;
      for await (const chunk of stream as any) size += chunk.byteLength;
      return size;
    }
    async takeOne(stream: ReadableStream) {
      const reader = stream.getReader();
      const { value } = await reader.read();
      await reader.cancel(new Error("enough"));
      return value;
    }
    sink() {
      const collected = this.#collected;
      return new WritableStream({
        write(chunk) {
          collected.push(chunk);
        },
        close() {
          events.push("closed");
        },
        abort(reason) {
          events.push(`aborted: ${reason?.message ?? reason}`);
        },
      });
    }
    brokenSink() {
      return new WritableStream({
        write() {
          throw new Error("sink broke");
        },
      });
    }
    collected() {
      return this.#collected;
    }
    async writeTo(stream: WritableStream, ...chunks: unknown[]) {
      const writer = stream.getWriter();
      for (const chunk of chunks) await writer.write(chunk);
      await writer.close();
      return "written";
    }
    async textOf(value: any) {
      return [value.constructor.name, await value.text()];
    }
    response() {
      return new Response("the body", { status: 201, statusText: "Made", headers: { "X-A": "b" } });
    }
    async requestParts(request: Request) {
      const { method, url } = request;
      return [method, url, request.headers.get("x-a"), await request.text()];
    }

    get [Symbol.toStringTag]() {
      return "Api";
    }
    [Symbol.dispose]() {
      events.push("disposed main");
    }
  })();
}
