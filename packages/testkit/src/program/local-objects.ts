import { createTargets } from "../application/targets.ts";
import type { Implementation } from "../implementation.ts";

class CustomError extends Error {
  override name = "CustomError";
}

type Make = (...args: any[]) => unknown;

/** The client's own objects that templates can name. `events` collects their events. */
export function createLocalObjects(
  implementation: Implementation,
  events: string[],
): Readonly<Record<string, Make>> {
  const { RpcPromise, RpcStub } = implementation;
  const { Counter, User } = createTargets(implementation, events);
  return {
    counter: (start = 0) => new Counter(start),
    user: (id = 7) => new User(id),
    stub: (target) => new RpcStub(target),
    promise: (value) => new RpcPromise(Promise.resolve(value)),
    failingPromise: () => new RpcPromise(Promise.reject(new Error("the client's promise failed"))),
    double: () => (x: number) => x * 2,
    later: () => async (x: number) => {
      await Promise.resolve();
      return `later ${x}`;
    },
    refuse: () => () => {
      throw new RangeError("refused by the client");
    },
    note:
      () =>
      (...values: unknown[]) => {
        events.push(`called with ${JSON.stringify(values)}`);
      },
    increment: () => async (counter: any) => await counter.increment(3),
    keepCounter: () => (counter: any) => counter.dup(),
    makeCounter: () => () => new Counter(1),
    error: (message) => Object.assign(new EvalError(message, { cause: 1 }), { extra: [1] }),
    aggregate: () => new AggregateError([new RangeError("one"), 2], "the client's"),
    customError: () => new CustomError("the client's own"),
    errorWithMap: () => Object.assign(new Error("kept"), { good: 1, bad: new Map() }),
    blob: (text) => new Blob([text], { type: "application/x-text" }),
    request: (body) =>
      new Request("http://example.com/path", {
        method: "POST",
        headers: { "content-type": "text/plain", "x-a": "1" },
        body,
      }),
    readable: (chunks: unknown[], failure?: string) => {
      let next = 0;
      return new ReadableStream(
        {
          pull(controller) {
            if (next < chunks.length) controller.enqueue(chunks[next++]);
            else if (failure !== undefined) controller.error(new Error(failure));
            else controller.close();
          },
          cancel(reason) {
            events.push(`stream canceled: ${reason?.message ?? reason}`);
          },
        },
        { highWaterMark: 0 },
      );
    },
    writable: (kind = "collecting") =>
      new WritableStream({
        write(chunk) {
          if (kind === "broken") throw new Error("the client's sink broke");
          events.push(`chunk ${JSON.stringify(chunk)}`);
        },
        close: () => void events.push("sink closed"),
        abort: (reason) => void events.push(`sink aborted: ${reason?.message ?? reason}`),
      }),
    map: () => new Map(),
    set: () => new Set(),
    pattern: () => /x/,
    dateSubclass: () => new (class MyDate extends Date {})(0),
    symbol: () => Symbol("s"),
    instance: () => new (class Thing {})(),
    nullPrototype: () => Object.create(null),
    plainPromise: () => Promise.resolve(1),
    nested: (depth: number) => {
      let value: unknown = 1;
      for (let i = 0; i < depth; i++) value = [value];
      return value;
    },
    cycle: () => {
      const list: unknown[] = [];
      list.push(list);
      return list;
    },
    sparse: () => {
      const list: unknown[] = [];
      list[2] = 1;
      return list;
    },
    text: (length: number) => "x".repeat(length),
  };
}
