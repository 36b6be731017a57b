import { currentCall, RpcSession, RpcStub, RpcTarget } from "@capnweb/core";
import { createMemoryLink, type MemoryLink } from "@capnweb/testkit";
import { onTestFinished } from "vitest";
import { offerPlans, type PlanLimits, PlanRunner } from "../src/index.ts";

/** Short forms of the wire shape, for plans written by hand. */
export const api = { capture: { index: 0 } };
export const result = (index: number) => ({ result: { index } });
export const value = (literal: unknown) => ({ byValue: { value: literal } });
export const variable = (name: string) => ({ var: { name } });
export const param = (...path: (string | number)[]) => ({ param: { path } });
export const call = (member: string, args: unknown[], number: number, target: unknown = api) => ({
  call: { target, member, args, result: number },
});
export const op = (name: string, args: unknown[], number: number) => ({
  op: { name, args, result: number },
});

export const letting = (name: string, source: unknown) => ({ let: { name, value: source } });
export const setting = (name: string, source: unknown) => ({ set: { name, value: source } });
/** A step that goes through a list with the variable `x`. */
export const each = (
  kind: "map" | "loop" | "reduce" | "filter",
  body: readonly unknown[],
  output: unknown,
  number: number,
  more: object = {},
) => ({ [kind]: { over: param(), as: "x", body, value: output, result: number, ...more } });

/** Runs a plan through a session, on the stub of its main object. */
export async function runThere(
  stub: any,
  ops: readonly unknown[],
  output: unknown,
  params?: unknown,
): Promise<any> {
  return await stub.$plans.run({ ops, result: output }, params, [stub]);
}

/** Runs a plan in this process. */
export async function runPlan(
  ops: readonly unknown[],
  output: unknown,
  {
    target = new Tools() as object,
    params = undefined as unknown,
    limits = {} as Partial<PlanLimits>,
  } = {},
): Promise<any> {
  using runner = new RpcStub(new PlanRunner({ limits }));
  using stub = new RpcStub(target);
  return await runner.run({ v: 1, ops, result: output } as any, params, [stub] as any);
}

/** The error of a promise that must reject. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<any> {
  return await promise.then(
    (got) => {
      throw new Error(`It resolved to ${JSON.stringify(got)}.`);
    },
    (error: unknown) => error,
  );
}

/** A capability that knows whether it was disposed of. */
export class Item extends RpcTarget {
  readonly #name: string;
  readonly #events: string[];

  constructor(name: string, events: string[]) {
    super();
    this.#name = name;
    this.#events = events;
  }

  name() {
    return this.#name;
  }

  next() {
    return new Item(`${this.#name}'`, this.#events);
  }

  [Symbol.dispose]() {
    this.#events.push(`disposed ${this.#name}`);
  }
}

/** A target with a method for each need of a test. */
export class Tools extends RpcTarget {
  readonly events: string[];

  constructor(events: string[] = []) {
    super();
    this.events = events;
  }

  echo(given: unknown) {
    return given;
  }

  async later(given: unknown) {
    await null;
    return given;
  }

  item(name: string) {
    return new Item(name, this.events);
  }

  items(count: number) {
    return Array.from({ length: count }, (_, i) => ({ id: i, item: this.item(`${i}`) }));
  }

  list(length: number) {
    return Array.from({ length }, (_, i) => i);
  }

  text(length: number) {
    return "x".repeat(length);
  }

  fail(message: string) {
    throw new RangeError(message);
  }

  note(event: string) {
    this.events.push(event);
    return event;
  }
}

/** A target with a call that waits until the test opens it. */
export class Gate extends Tools {
  readonly #entered = deferred<void>();
  readonly #opened = deferred<string>();

  /** Resolves once a call waits. */
  get entered() {
    return this.#entered.promise;
  }

  wait() {
    this.#entered.resolve();
    return this.#opened.promise;
  }

  open() {
    this.#opened.resolve("open");
  }
}

/** A target with calls that end only when they are cancelled. */
export class Cancellable extends Tools {
  readonly reasons: any[] = [];
  readonly began = deferred<void>();
  readonly allCancelled = deferred<void>();

  /** @param count the calls that make up `allCancelled` */
  never(count: number) {
    const { signal } = currentCall();
    this.began.resolve();
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        this.reasons.push(signal.reason);
        if (this.reasons.length === count) this.allCancelled.resolve();
        reject(signal.reason);
      });
    });
  }
}

/** A session in memory whose server offers plans. */
export function connect<T extends object>(main: T, runner = new PlanRunner()) {
  const link: MemoryLink = createMemoryLink();
  const server = new RpcSession(link.server, offerPlans(main, runner));
  const client = new RpcSession<any>(link.client);
  const stub: any = client.getRemoteMain();
  onTestFinished(() => (stub as Disposable)[Symbol.dispose]());
  return { link, server, client, stub };
}

/** A promise that a test settles. */
export function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
