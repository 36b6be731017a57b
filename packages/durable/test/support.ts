import { MessageChannel } from "node:worker_threads";
import { type RpcStub, RpcTarget } from "@capnweb/core";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { onTestFinished } from "vitest";
import {
  Durable,
  type DurableOptions,
  generateSecret,
  KeyRing,
  type RestoreContext,
  restore,
  restoreParams,
  shareKey,
} from "../src/index.ts";

/** A note that anything can be restored from. */
export class Note extends RpcTarget {
  static disposed: unknown[] = [];
  readonly #params: any;
  readonly #context: RestoreContext<any> | undefined;

  constructor(params: any, context?: RestoreContext<any>) {
    super();
    this.#params = params;
    this.#context = context;
  }

  static [restore](params: any, context: RestoreContext<any>): object | Promise<object> {
    return new Note(params, context);
  }

  [restoreParams]() {
    return this.#params;
  }

  params() {
    return this.#params;
  }

  context() {
    const { signal: _, ...facts } = this.#context!;
    return facts;
  }

  [Symbol.dispose]() {
    Note.disposed.push(this.#params);
  }
}

/** An object that all tokens for it share. */
export class Counter extends RpcTarget {
  static restored = 0;
  readonly #name: string;
  #count = 0;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  static async [restore]({ name }: { name: string }) {
    Counter.restored++;
    await Promise.resolve();
    return new Counter(name);
  }

  static [shareKey]({ name }: { name: string }, { identity }: RestoreContext<any>) {
    return name === "alone" ? undefined : JSON.stringify([name, identity]);
  }

  [restoreParams]() {
    return { name: this.#name };
  }

  increment() {
    return ++this.#count;
  }
}

/** Holds another object. */
export class Folder extends RpcTarget {
  readonly #child: RpcStub<any>;

  constructor(child: any) {
    super();
    this.#child = child;
  }

  static [restore]({ child }: { child: RpcStub<any> }) {
    return new Folder(child);
  }

  [restoreParams]() {
    return { child: this.#child };
  }

  child() {
    return this.#child.dup();
  }

  [Symbol.dispose]() {
    this.#child[Symbol.dispose]();
  }
}

export const classes = { note: Note, counter: Counter, folder: Folder };

/** A clock that a test sets. */
export class Clock {
  time = 1_800_000_000_000;
  readonly now = () => this.time;
}

export function newKeys(id = "k1"): KeyRing {
  return new KeyRing([{ id, secret: generateSecret() }]);
}

export function newDurable(options: Partial<DurableOptions<any>> = {}): Durable<any> {
  return new Durable<any>({ classes, keys: newKeys(), ...options });
}

/** The code of the error that a promise rejects with. Disposes of a result. */
export async function codeOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    (await (promise as PromiseLike<Partial<Disposable> | undefined>))?.[Symbol.dispose]?.();
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
}

/** A session whose server's main object is `main`. */
export function connect(main: unknown, options = {}) {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  newMessagePortRpcSession(port2 as never, main, options);
  return newMessagePortRpcSession<any>(port1 as never, undefined, options);
}
