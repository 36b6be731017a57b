import { defineHidden, isObject } from "@capnweb/wire/internal";
import { afterTurn } from "../after-awaits.ts";
import { CALL_STEPS } from "../call-context/counts.ts";
import { support } from "../call-context/support.ts";
import { CanceledError } from "../errors.ts";
import { FilledBytes } from "../model/filled-bytes.ts";
import { ErrorHook, type Puller, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { sizeOfArguments } from "../model/waiting-size.ts";
import { hookOfAwaited, isThenable, type Taker } from "../promise/awaited.ts";
import { Deferred } from "../promise/deferred.ts";
import { PendingResult, type WaitingCall } from "./pending-result.ts";
import { scopedResults } from "./scoped-results.ts";

/** An application's function, as this package calls it. */
export type Method = (...args: unknown[]) => unknown;

/**
 * Calls an application's function with a payload's arguments, and disposes of them when the call is
 * over. If the arguments hold no promises, the call happens before this returns.
 *
 * @param owner the reference that the call is made on. It may be disposed of meanwhile: while the
 *   call waits for its arguments, it holds another
 * @param given told if the call is given up while its result is still to come
 * @throws EncodeError for arguments too deep to copy; they are then still the caller's
 */
export function callMethod(
  args: Payload,
  method: Method,
  thisArg: unknown,
  owner: StubHook,
  given?: WaitingCall,
): StubHook {
  args.budget?.requireOpen();
  args.own();
  args.budget?.spend(CALL_STEPS);
  const filling = args.fillIn(undefined, FilledBytes.of(args));
  if (!filling) return invoke(args, method, thisArg, given);
  args.budget?.wait();

  let call: CallWaiting;
  let begun: Deferred;
  try {
    // Throws if asking for the arguments has ended the session.
    const held = owner.dup();
    // Disposed of along with the arguments, if the call fails meanwhile.
    args.adopt(held);
    call = new CallWaiting(args, method, thisArg, held, given);
    begun = beginCall(args, call);
  } catch (error) {
    // The outcomes of its arguments are no longer needed, nor are their failures.
    filling.catch(() => {});
    throw error;
  }
  return hookOfAwaited(filling, call, begun);
}

function invoke(
  args: Payload,
  method: Method,
  thisArg: unknown,
  given: WaitingCall | undefined,
): StubHook {
  const list = args.value as unknown[];
  try {
    const result = support
      ? support.apply(args.budget ?? null, method, thisArg, list)
      : Reflect.apply(method, thisArg, list);
    if (isThenable(result)) return awaitResult(args, result, given);
    const tie = typeof result === "function" ? scopedResults?.take() : undefined;
    const hook = takeResult(args, result, disposeAfterTurn);
    tie?.(hook);
    return hook;
  } catch (error) {
    disposeAfterTurn(args);
    return new ErrorHook(error);
  }
}

/**
 * Ends the arguments of a method that returned at once. A function that it called without awaiting
 * it may be about to await a property of one: `void (async () => show(await user.name))()`.
 */
function disposeAfterTurn(args: Payload): void {
  if (args.references.length === 0) args.dispose();
  else afterTurn(() => args.dispose());
}

function awaitResult(
  args: Payload,
  result: PromiseLike<unknown>,
  given: WaitingCall | undefined,
): StubHook {
  const call = new CallRunning(args);
  let begun: Deferred;
  try {
    begun = scopedResults?.begin(args, given) ?? beginCall(args, given);
  } catch (error) {
    // The call is refused, but its result is still taken, and disposed of.
    hookOfAwaited(result, call).dispose();
    throw error;
  }
  return hookOfAwaited(result, call, begun);
}

/** A call whose method runs. */
class CallRunning implements Taker {
  protected readonly args: Payload;

  constructor(args: Payload) {
    this.args = args;
  }

  take(result: unknown): StubHook {
    return takeResult(this.args, result);
  }

  fail(error: unknown): StubHook {
    this.args.dispose();
    return new ErrorHook(error);
  }
}

/** A call that waits for its arguments. */
class CallWaiting extends CallRunning {
  readonly #method: Method;
  readonly #thisArg: unknown;
  readonly #held: StubHook;
  readonly #given: WaitingCall | undefined;
  #runs = false;

  constructor(
    args: Payload,
    method: Method,
    thisArg: unknown,
    held: StubHook,
    given: WaitingCall | undefined,
  ) {
    super(args);
    this.#held = held;
    this.#given = given;
    this.#method = method;
    this.#thisArg = thisArg;
  }

  /** Disposes of the arguments, unless the method has begun, which keeps them until it returns. */
  giveUp(): void {
    if (!this.#runs) this.args.dispose();
  }

  override take(): StubHook {
    // The call failed while it waited.
    if (this.args.isDisposed) return new ErrorHook(new CanceledError());
    this.#runs = true;
    try {
      return invoke(this.args, this.#method, this.#thisArg, this.#given);
    } finally {
      this.#held.dispose();
    }
  }
}

/**
 * The result, still to come, of a call that counts as pending until then.
 *
 * @param waiting the call, if it has to wait
 * @throws LimitError for too many pending calls
 */
function beginCall(args: Payload, waiting: WaitingCall | undefined): Deferred {
  const { budget } = args;
  const owner = budget?.owner;
  if (!owner) return new Deferred();
  return new PendingResult(owner, sizeOfArguments(args), waiting).begin(budget);
}

/**
 * Makes a hook of a call's result. Ends the call's arguments, except those that are in the result.
 *
 * @param end disposes of the arguments
 */
function takeResult(
  args: Payload,
  result: unknown,
  end = (each: Payload) => each.dispose(),
): StubHook {
  try {
    const hook = args.runtime.hookOf(result, args.references, args.budget);
    // The application may read or write streams of its arguments after it has returned, and then
    // ends them itself.
    for (const reference of args.references) reference.leaveIfLocked?.();
    return hook;
  } catch (error) {
    return new ErrorHook(error);
  } finally {
    end(args);
  }
}

/**
 * Fetches the value behind a hook, for the application that awaits it: filled in, made its own, and
 * with a disposer if it is an object. The payload still owns the references in the value.
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
      if (!filling) this.deliver(payload);
      else {
        filling
          .then(() => this.deliver(payload))
          .catch((error: unknown) => this.fail(payload, error));
      }
    } catch (error) {
      this.fail(payload, error);
    }
  }

  private deliver(payload: Payload): void {
    this.#resolve(withDisposer(payload.value, payload));
  }

  private fail(payload: Payload, error: unknown): void {
    // The other promises in it are no longer needed.
    payload.dispose();
    this.reject(error);
  }
}

/** Gives an object that is handed to an application a disposer for its references. */
export function withDisposer(value: unknown, payload: Payload): unknown {
  // Most hold nothing, and iterating over a frozen list isn't free.
  if (payload.references.length > 0) {
    for (const reference of payload.references) reference.handedOver?.();
  }
  if (
    isObject(value) &&
    // An object of the application, or its class, may have a disposer.
    !(Symbol.dispose in value) &&
    Object.isExtensible(value)
  ) {
    defineHidden(value, Symbol.dispose, () => payload.dispose());
  }
  return value;
}
