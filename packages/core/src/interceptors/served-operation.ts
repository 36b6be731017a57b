import { nameOf } from "@capnweb/wire/internal";
import type { Budget } from "../budget.ts";
import { carriedBy } from "../call-context/accounts.ts";
import type { CallContext } from "../call-context/call-context.ts";
import { CanceledError, InterceptorError } from "../errors.ts";
import { LocalHook } from "../local/local-hook.ts";
import type { WaitingCall } from "../local/pending-result.ts";
import { handleIfStub } from "../model/handle.ts";
import type { PropertyPath } from "../model/hook.ts";
import type { SessionParts } from "../session/base-session.ts";
import type { IncomingCall, Interceptor, OperationKind } from "./interceptor.ts";
import { describe, Operation } from "./operation.ts";
import { SeenServedContext } from "./seen-context.ts";

/** An interceptor of the peer's operations. */
export type ServeInterceptor = Interceptor & Required<Pick<Interceptor, "serve">>;

/** The interceptors of a session. */
export interface Chain {
  readonly interceptors: readonly ServeInterceptor[];
  readonly parts: SessionParts;
}

/** The level of an operation that interceptors can't carry out any more. */
const OVER = -1;

/** Stands for the class of an object that is elsewhere. */
export const ELSEWHERE = Symbol();

/** An operation of a peer, on its way through the interceptors, the first one outermost. */
export abstract class ServedOperation extends Operation implements IncomingCall, WaitingCall {
  /** Whether it was carried out, at least in part. */
  protected hasBegun = false;
  protected readonly chain: Chain;
  readonly #start: unknown;
  /** The index of the interceptor whose `next()` hasn't been called yet. */
  #level = 0;
  #isGivenUp = false;
  #result: unknown;
  #context: CallContext | undefined;

  /** @param start the value that the path starts at, or {@link ELSEWHERE} */
  constructor(
    chain: Chain,
    kind: OperationKind,
    start: unknown,
    path: PropertyPath,
    args: unknown,
  ) {
    super(chain.parts, kind, path, args);
    this.chain = chain;
    this.#start = start;
  }

  /** The account of the message that asks for the operation. */
  protected abstract readonly account: Budget | undefined;

  get context(): CallContext {
    this.#context ??= this.makeContext();
    return this.#context;
  }

  protected makeContext(): CallContext {
    return new SeenServedContext(carriedBy(this.account), this.session);
  }

  get target(): string | undefined {
    return this.#start === ELSEWHERE ? undefined : classOf(this.#start);
  }

  /**
   * Runs the interceptors and, if they call `next()`, the operation.
   *
   * @returns the outermost interceptor's result
   * @throws the outermost interceptor's error. The operation's own result was given up by then
   */
  protected pass(): unknown {
    let result: unknown;
    try {
      result = this.#enter(0);
    } catch (error) {
      if (this.#level < this.chain.interceptors.length) this.#level = OVER;
      this.#discard();
      throw error;
    }
    if (result instanceof Promise && result !== this.#result) {
      result.then(undefined, () => this.#discard());
    }
    return result;
  }

  #enter(i: number): unknown {
    const { interceptors } = this.chain;
    if (i === interceptors.length) return this.#begin();
    const result = interceptors[i]!.serve(this, () => {
      if (this.#level !== i) throw misused(this, this.#level === OVER ? "late" : "twice");
      this.#level = i + 1;
      return this.#enter(i + 1);
    });
    if (this.#level === i) this.#endLater(i, result);
    return result;
  }

  /**
   * Waits for an interceptor that hasn't called `next()` yet. It may do so until its result is
   * there.
   */
  #endLater(i: number, result: unknown): void {
    const end = () => {
      if (this.#level === i) this.#level = OVER;
    };
    if (result instanceof Promise) result.then(end, end);
    else end();
  }

  #begin(): unknown {
    const { over } = this.chain.parts.lifetime;
    if (over) throw over.error;
    if (this.#isGivenUp) throw new CanceledError();
    this.hasBegun = true;
    this.#result = this.perform();
    return this.#result;
  }

  giveUp(): void {
    if (this.hasBegun || this.#isGivenUp) return;
    this.#isGivenUp = true;
    this.abandon();
  }

  /** Disposes of the operation's result, because an interceptor failed after it. */
  #discard(): void {
    const result = this.#result;
    this.#result = undefined;
    if (result !== undefined) this.dispose(result);
  }

  /** Carries out the operation, and returns its result unchanged. */
  protected abstract perform(): unknown;

  /** Disposes of everything that the operation would need. */
  protected abstract abandon(): void;

  /** Disposes of a result of {@link perform}. Never throws. */
  protected abstract dispose(result: unknown): void;
}

const MISUSES = {
  twice: "called next() twice. An operation can be carried out once.",
  late: "called next() after it had given its result.",
};

function misused(call: IncomingCall, misuse: keyof typeof MISUSES): InterceptorError {
  return new InterceptorError(
    `An interceptor's serve(), for ${describe(call)}, ${MISUSES[misuse]}`,
  );
}

/** The name of a target's class, if the target is here. */
function classOf(target: unknown): string | undefined {
  const handle = handleIfStub(target);
  if (!handle) return nameOf(target);
  // A result that is a stub.
  const hook = handle.path.length === 0 ? handle.hook.settled() : undefined;
  return hook instanceof LocalHook ? classOf(hook.live?.value) : undefined;
}
