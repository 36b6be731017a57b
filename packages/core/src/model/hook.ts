import type { EncodeContext, Expression } from "@capnweb/wire";
import { isEncodeFailure, type PathPart } from "@capnweb/wire/internal";
import type { BrokenListener } from "../broken-listener.ts";
import type { Budget } from "../budget.ts";
import type { ErrorListener } from "../report.ts";
import type { Payload } from "./payload.ts";

/** Property names and array indexes that lead from a value to a part of it. */
export type PropertyPath = readonly PathPart[];

/**
 * The object behind every stub and promise: one reference to a capability, or to a value that is
 * still to come, wherever it lives.
 *
 * Each hook is one reference with exactly one owner. `dup()` makes another, and `dispose()` gives
 * this one up. `call`, `map` and `stream` own their arguments whatever happens. Subclasses
 * implement the `deliver*` methods, which only hooks call, and which may throw without leaking.
 */
export abstract class StubHook {
  /**
   * Calls the target of `path`. Takes over `args`.
   *
   * @returns the result's hook. A failure is a hook as well, never a throw
   */
  call(path: PropertyPath, args: Payload): StubHook {
    try {
      return this.callOrThrow(path, args);
    } catch (error) {
      return new ErrorHook(error);
    }
  }

  /**
   * Does what `call` does, for an application at the other end of the stub. Arguments that can't be
   * sent are the caller's mistake, so the call throws. A promise might hide the error.
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
   * Applies recorded `instructions` to the target of `path`. Takes over `captures`.
   *
   * @param budget the budget of the message that asks, if one does
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
   * Calls a method of a stream's writing end. It has no result but success or failure, and calls
   * can't be pipelined on it. Takes over `args`.
   *
   * @returns the hook of the result, and the call's size in bytes, which counts against the
   *   stream's window until the result is there; `size` is `undefined` if nothing left the process
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
   * Makes a new reference to the target of `path`. Fetches nothing.
   *
   * @param budget the budget of the message that asks, if one does
   */
  abstract get(path: PropertyPath, budget?: Budget): StubHook;

  /** Another reference to the same thing. */
  abstract dup(): StubHook;

  /** The payload that this hook refers to, if the hook refers to a result that is here. */
  get payload(): Payload | undefined {
    return undefined;
  }

  /** The value behind this hook if it is here already; see {@link pull}. */
  peek(): Payload | undefined {
    return undefined;
  }

  /**
   * Fetches the value behind this hook if necessary, and tells `puller`: before this returns, if
   * the value is here already. Makes no promise, because most pulls are a session's own.
   */
  abstract pull(puller: Puller): void;

  /** Calls `listener` when this hook can never work again, unless it is disposed of before. */
  abstract onBroken(listener: BrokenListener): void;

  /**
   * Gives this reference up. Idempotent.
   *
   * @param failure the failure that ends it, if one does. A stream's reader receives it
   */
  abstract dispose(failure?: ErrorHook): void;

  /** True for a reference to the writing end of a stream of this process. */
  get isWriter(): boolean {
    return false;
  }

  /** Gives this reference up without cancelling anything. */
  letGo(): void {
    this.dispose();
  }

  /** Notes that the application has this reference from now on, and may forget to dispose of it. */
  handedOver(): void {}

  /** True if the reference is known to be to something of this process. */
  get isLocal(): boolean {
    return false;
  }

  /** The id under which `session` imported this, if it is an unsettled import of that session. */
  idFor(_session: object): number | undefined {
    return undefined;
  }

  /**
   * Called if a program uses a proxy as a plain value. There is no value, and the program goes on
   * with the text "[object RpcPromise]"; a placeholder of `map()` throws.
   */
  forbidCoercion(): void {}

  /** The own properties of errors that may be sent to this hook's destination, if that is known. */
  get errorProperties(): EncodeContext["errorProperties"] {
    return undefined;
  }

  /**
   * Makes the disposer of a target, if this is a target's hook, report its failure to a session.
   */
  reportTo(_onError: ErrorListener): void {}

  /** Describes this hook in logs, without fetching anything. */
  describe(): string {
    return "pending";
  }

  /** The hook that this one stands for, where it is known: the next one on the way to a value. */
  next(): StubHook | undefined {
    return undefined;
  }

  /**
   * Tells `callback` which hook of this process this one stands for, as soon as that is known.
   * Fetches nothing. The owner of that hook keeps it.
   */
  whenSettled(callback: (hook: StubHook) => void): void {
    callback(this);
  }

  /** The last hook on the way to a value, as far as it is known; else this one itself. */
  settled(): StubHook {
    return this;
  }
}

/** A receiver that is told once which value a hook stands for. */
export interface Puller {
  /** @param payload stays the hook's, and lives until the hook is disposed of */
  resolve(payload: Payload): void;
  reject(error: unknown): void;
}

/** Makes a hook tell `puller`. An error of the pull counts as a failure. */
export function pullInto(hook: StubHook, puller: Puller): void {
  try {
    hook.pull(puller);
  } catch (error) {
    puller.reject(error);
  }
}

/** A call of a stream's method that is under way; see {@link StubHook.stream}. */
export interface StreamedCall {
  /** The result, to be pulled for its success or failure. */
  readonly result: StubHook;
  readonly size: number | undefined;
  /** Settles when the connection can take more; `undefined` if it can now. */
  readonly room?: Promise<void> | undefined;
}

/** A failure in place of a result. Every operation on it fails in the same way. */
export class ErrorHook extends StubHook {
  private readonly reason: unknown;

  constructor(error: unknown) {
    super();
    this.reason = error;
  }

  get error(): unknown {
    return this.reason;
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
 * A failure that may never be seen. Its error is made when it is first needed, because an error's
 * stack costs more than the object that this replaces.
 */
export class LateErrorHook extends ErrorHook {
  override get error(): unknown {
    return (super.error as () => unknown)();
  }
}
