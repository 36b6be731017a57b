import type { Implementation } from "../implementation.ts";
import { classOf } from "../realms.ts";
import { type FailureKind, fail } from "./failures.ts";
import { createSink, createStream, readChunks, type SinkKind, type StreamKind } from "./streams.ts";
import { createTargets } from "./targets.ts";
import { type UseKind, use } from "./use.ts";

/**
 * The server's main object in every conformance scenario. It implements the application that
 * docs/conformance.md describes.
 *
 * @param implementation the implementation under test
 * @param events collects the events in order; `events()` returns the same list
 * @returns a target, for one connection
 *
 * @example
 * ```ts
 * import * as core from "@capnweb/core";
 * attachWebSocketRpc(server, () => createApplication(core));
 * ```
 */
export function createApplication(implementation: Implementation, events: string[] = []): any {
  const { RpcTarget, RpcPromise } = implementation;
  const { User, Counter } = createTargets(implementation, events);

  class Application extends RpcTarget {
    #kept: any;
    readonly #collected: unknown[] = [];

    echo(...values: unknown[]): unknown {
      return values.length === 1 ? values[0] : values;
    }

    add(a: number, b: number): number {
      return a + b;
    }

    user(id: number): object {
      return new User(id);
    }

    counter(start = 0): object {
      return new Counter(start);
    }

    adder(by: number): (x: number) => number {
      return (x) => x + by;
    }

    later(kind: "value" | "failure" | "promise" | "counter"): unknown {
      if (kind === "counter") return new RpcPromise(Promise.resolve(new Counter(0)));
      if (kind === "failure") {
        return { now: 1, later: new RpcPromise(Promise.reject(new Error("failed later"))) };
      }
      const value = new RpcPromise(Promise.resolve("late"));
      if (kind === "promise") return new RpcPromise(Promise.resolve(value));
      return { now: 1, later: value };
    }

    fail(kind: FailureKind): unknown {
      return fail(kind);
    }

    async call(callback: any, ...args: unknown[]): Promise<unknown> {
      return await callback(...args);
    }

    keep(stub: any): void {
      this.#kept = stub.dup();
    }

    async kept(...args: unknown[]): Promise<unknown> {
      return await this.#kept(...args);
    }

    letGo(): void {
      this.#kept[Symbol.dispose]();
      this.#kept = undefined;
    }

    use(stub: any, kind: UseKind): unknown {
      return use(stub, kind, () => new Counter(10));
    }

    stream(kind: StreamKind, count: number): ReadableStream {
      return createStream(kind, count, events, (start) => new Counter(start));
    }

    read(stream: ReadableStream, count = Number.POSITIVE_INFINITY): Promise<unknown[]> {
      return readChunks(stream, count);
    }

    sink(kind: SinkKind): WritableStream {
      return createSink(kind, this.#collected, events);
    }

    collected(): unknown[] {
      return this.#collected;
    }

    async write(stream: WritableStream, ...chunks: unknown[]): Promise<string> {
      const writer = stream.getWriter();
      for (const chunk of chunks) await writer.write(chunk);
      await writer.close();
      return "written";
    }

    async describe(value: any): Promise<unknown> {
      switch (classOf(value)) {
        case "Blob":
        case "File":
          return ["Blob", value.type, await value.text()];
        case "Request":
          return ["Request", value.method, value.url, [...value.headers], await value.text()];
        case "Response":
          return ["Response", value.status, await value.text()];
        default:
          return [typeof value];
      }
    }

    blob(text: string): Blob {
      return new Blob([text], { type: "application/x-text" });
    }

    request(): Request {
      return new Request("http://example.com/path", {
        method: "POST",
        headers: { "content-type": "text/plain", "x-a": "1" },
        body: "the body",
      });
    }

    respond(): Response {
      return new Response("the body", {
        status: 201,
        // Runtimes differ in whether they give text a type by themselves.
        headers: { "content-type": "text/plain", "x-a": "b" },
      });
    }

    events(): string[] {
      return [...events];
    }

    [Symbol.dispose](): void {
      events.push("main disposed");
    }
  }

  return new Application();
}
