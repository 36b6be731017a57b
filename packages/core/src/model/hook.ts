import type { EncodeContext, Expression } from "@capnweb/wire";
import { isEncodeFailure, type PathPart } from "@capnweb/wire/internal";
import type { BrokenListener } from "../broken-listener.ts";
import type { Budget } from "../budget.ts";
import type { ErrorListener } from "../report.ts";
import type { Payload } from "./payload.ts";

/** Property names and array indexes that lead from a value to a part of it. */
export type PropertyPath = readonly PathPart[];

/**
 * The thing behind every stub and promise: one reference to a capability, or to a value that is
 * still to come, wherever it lives.
 *
 * A hook is one reference, owned by exactly one place. `dup()` makes another, `dispose()` gives
 * this one up. `call`, `map` and `stream` own their arguments whatever happens: subclasses
 * implement the `deliver*` methods, which only hooks call, and may throw from them without leaking.
 */
export abstract class StubHook {
  /**
   * Calls what `path` leads to. Takes over `args`.
   *
   * @returns the result's hook; a failure is one as well, never a throw
   */
  call(path: PropertyPath, args: Payload): StubHook {
    try {
      return this.callOrThrow(path, args);
    } catch (error) {
      return new ErrorHook(error);
    }
  }

  /**
   * `call` for an application at the other end of the stub. Arguments that can't travel are the
   * caller's mistake: the error is thrown at the call, because the promise may never be looked at.
   *
   * @throws EncodeError, DepthError for arguments that can't travel
   */
  callOrThrow(path: PropertyPath, args: Payload): StubHook {
    try {
      return this.deliverCall(path, args);
    } catch (error) {
      args.dispose();
      if (isEncodeFailure(error)) throw error;
      return new ErrorHook(error);
    }
  }

  /**
   * Applies recorded `instructions` to what `path` leads to. Takes over `captures`.
   *
   * @param budget that of the message that asks, if one does
   */
  map(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    try {
      return this.deliverMap(path, captures, instructions, budget);
    } catch (error) {
      for (const capture of captures) capture.dispose();
      return new ErrorHook(error);
    }
  }

  /**
   * Calls a method of a stream's writing end: no result but success or failure, and nothing can be
   * pipelined on it. Takes over `args`.
   *
   * @returns the hook of the result, and the call's size in bytes, which counts against the
   *   stream's window until the result is there; `size` is `undefined` where nothing left the
   *   process
   */
  stream(path: PropertyPath, args: Payload): StreamedCall {
    try {
      return this.deliverStream(path, args);
    } catch (error) {
      args.dispose();
      return { result: new ErrorHook(error), size: undefined };
    }
  }

  abstract deliverCall(path: PropertyPath, args: Payload): StubHook;

  abstract deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook;

  deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    return { result: this.deliverCall(path, args), size: undefined };
  }

  /**
   * A new reference to what `path` leads to; nothing is fetched.
   *
   * @param budget that of the message that asks, if one does
   */
  abstract get(path: PropertyPath, budget?: Budget): StubHook;

  /** Another reference to the same thing. */
  abstract dup(): StubHook;

  /** The payload that this hook is a reference to, if it is one to a result that is here. */
  get payload(): Payload | undefined {
    return undefined;
  }

  /** The value behind this hook where it is here already; see {@link pull}. */
  peek(): Payload | undefined {
    return undefined;
  }

  /**
   * Fetches the value behind this hook, if need be, and tells `puller`: before this returns if the
   * value is here already. No promise is made, since most pulls are a session's own.
   */
  abstract pull(puller: Puller): void;

  /** Has `listener` called when this hook can never work again, unless it is disposed before. */
  abstract onBroken(listener: BrokenListener): void;

  /**
   * Gives this reference up. Idempotent.
   *
   * @param failure because of which it goes, if it is one: a stream's reader hears of it
   */
  abstract dispose(failure?: ErrorHook): void;

  /** Gives this reference up, which isn't meant to cancel anything. */
  letGo(): void {
    this.dispose();
  }

  /** The application has this reference from now on, and may forget to dispose of it. */
  handedOver(): void {}

  /** Whether the reference is to something of this process, as far as that is known. */
  get isLocal(): boolean {
    return false;
  }

  /** The id under which `session` imported this, where it is one of its imports and not settled. */
  idFor(_session: object): number | undefined {
    return undefined;
  }

  /**
   * Called where a program wants the value behind a proxy at once. No value is there, and a program
   * goes on with the text "[object RpcPromise]"; a placeholder of `map()` throws.
   */
  forbidCoercion(): void {}

  /**
   * The own properties of errors that may be sent to where this hook leads, as far as that is
   * known.
   */
  get errorProperties(): EncodeContext["errorProperties"] {
    return undefined;
  }

  /** Has the disposer of a target, if the hook is one's, report its failure to a session. */
  reportTo(_onError: ErrorListener): void {}

  /** Words for logs on what this hook is, without fetching anything. */
  describe(): string {
    return "pending";
  }

  /** The hook that this one stands for, where it is known: the next one on the way to a value. */
  next(): StubHook | undefined {
    return undefined;
  }

  /**
   * Tells `callback` what this hook stands for in this process, as soon as that is known. Fetches
   * nothing. The hook that it is told stays its owner's.
   */
  whenSettled(callback: (hook: StubHook) => void): void {
    callback(this);
  }

  /** The last hook on the way to a value, as far as it is known; else this one itself. */
  settled(): StubHook {
    return this;
  }
}

/** Waits for the value that a hook stands for, and is told of it once. */
export interface Puller {
  /** @param payload stays the hook's: it lives until the hook is disposed */
  resolve(payload: Payload): void;
  reject(error: unknown): void;
}

/**
 * Has a hook tell `puller`, whatever it takes: a hook that can't be pulled is a failure.
 */
export function pullInto(hook: StubHook, puller: Puller): void {
  try {
    hook.pull(puller);
  } catch (error) {
    puller.reject(error);
  }
}

/** A call of a stream's method under way; see {@link StubHook.stream}. */
export interface StreamedCall {
  /** To be pulled, for its success or failure. */
  readonly result: StubHook;
  readonly size: number | undefined;
  /** Settles when the connection takes more; `undefined` if it does now. */
  readonly room?: Promise<void> | undefined;
}

/** A failure, in a result's place: everything done with it fails the same way. */
export class ErrorHook extends StubHook {
  readonly #error: unknown;

  constructor(error: unknown) {
    super();
    this.#error = error;
  }

  get error(): unknown {
    return this.#error;
  }

  override describe(): string {
    return "failed";
  }

  override deliverCall(_path: PropertyPath, args: Payload): StubHook {
    args.dispose();
    return this;
  }

  override deliverMap(_path: PropertyPath, captures: StubHook[]): StubHook {
    for (const capture of captures) capture.dispose();
    return this;
  }

  override get(_path: PropertyPath): StubHook {
    return this;
  }

  override dup(): StubHook {
    return this;
  }

  override pull(puller: Puller): void {
    puller.reject(this.error);
  }

  override onBroken(listener: BrokenListener): void {
    listener.call(this.error);
  }

  override dispose(): void {}
}

/**
 * A failure that may never be seen, constructed with what makes its error when it is: an error's
 * stack costs more than the thing does that stands here in vain.
 */
export class LateErrorHook extends ErrorHook {
  override get error(): unknown {
    return (super.error as () => unknown)();
  }
}
