import { STEPS } from "../budget.ts";
import { ErrorHook, type Puller, type StubHook } from "../hook.ts";
import { Deferred, PromiseHook } from "../hooks/promise.ts";
import { leaveLockedStreams } from "../stream/held-stream.ts";
import type { Payload } from "./payload.ts";

/** A function of an application, seen from here. */
export type Callee = (...args: unknown[]) => unknown;

/**
 * Calls an application's function with a payload's arguments, and disposes of these when the call
 * is over. Where the arguments hold no promises, the call happens before this returns.
 *
 * @throws EncodeError for arguments too deep to copy; they are then still the caller's
 */
export function deliverCall(args: Payload, callee: Callee, thisArg: unknown): StubHook {
  args.own();
  args.budget?.spend(STEPS.call);
  const filling = args.fillIn();
  if (!filling) return invoke(args, callee, thisArg);

  const result = beginCall(args);
  filling.then(
    () => result.settle(invoke(args, callee, thisArg)),
    (error) => {
      args.dispose();
      result.settle(new ErrorHook(error));
    },
  );
  return new PromiseHook(result);
}

function invoke(args: Payload, callee: Callee, thisArg: unknown): StubHook {
  let result: unknown;
  try {
    result = Reflect.apply(callee, thisArg, args.value as unknown[]);
  } catch (error) {
    args.dispose();
    return new ErrorHook(error);
  }
  if (!isThenable(result)) return takeResult(args, result);
  const deferred = beginCall(args);
  result.then(
    (value) => deferred.settle(takeResult(args, value)),
    (error: unknown) => {
      args.dispose();
      deferred.settle(new ErrorHook(error));
    },
  );
  return new PromiseHook(deferred);
}

/** The result, still to come, of a call that counts as pending until it is there. */
function beginCall(args: Payload): Deferred {
  const owner = args.budget?.owner;
  const result = new Deferred();
  if (!owner) return result;
  const call = { fail: (error: unknown) => result.settle(new ErrorHook(error)) };
  owner.callBegan(call);
  result.whenSettled(() => owner.callEnded(call));
  return result;
}

/** The hook of what a call gave. Ends the call's arguments, but for those that are in the result. */
function takeResult(args: Payload, result: unknown): StubHook {
  const hook = args.runtime.hookOf(result, args.references, args.budget);
  leaveLockedStreams(args.references);
  args.dispose();
  return hook;
}

/**
 * Fetches what a hook stands for, for the application that awaits it: filled in, made its own, and
 * with a disposer if it is an object. The payload stays responsible for what the value holds.
 */
export function deliverResult(hook: StubHook): Promise<unknown> {
  return new Promise((resolve, reject) => hook.pull(new Delivery(resolve, reject)));
}

/** Hands a payload's value to the promise of an application. */
class Delivery implements Puller {
  readonly reject: (error: unknown) => void;
  readonly #resolve: (value: unknown) => void;

  constructor(resolve: (value: unknown) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve;
    this.reject = reject;
  }

  resolve(payload: Payload): void {
    try {
      payload.own();
      const filling = payload.fillIn();
      if (!filling) this.#deliver(payload);
      else {
        filling.then(
          () => this.#deliver(payload),
          (error) => this.#fail(payload, error),
        );
      }
    } catch (error) {
      this.#fail(payload, error);
    }
  }

  #deliver(payload: Payload): void {
    this.#resolve(withDisposer(payload.value, payload));
  }

  #fail(payload: Payload, error: unknown): void {
    // The other promises in it are of no use to anybody.
    payload.dispose();
    this.reject(error);
  }
}

/** Gives an object that is handed to an application the means to dispose of what it holds. */
export function withDisposer(value: unknown, payload: Payload): unknown {
  if (
    typeof value === "object" &&
    value !== null &&
    !Object.hasOwn(value, Symbol.dispose) &&
    Object.isExtensible(value)
  ) {
    Object.defineProperty(value, Symbol.dispose, {
      value: () => payload.dispose(),
      configurable: true,
      writable: true,
    });
  }
  return value;
}

/** Whether a function's result is something to wait for: a promise, but none of ours. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
