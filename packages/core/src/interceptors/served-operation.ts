import { CanceledError, InterceptorError } from "../errors.ts";
import type { WaitingCall } from "../local/pending-result.ts";
import type { Lifetime } from "../session/lifetime.ts";
import type { IncomingCall, Interceptor } from "./interceptor.ts";

/** An interceptor that looks at the operations of a peer. */
export type ServeInterceptor = Interceptor & Required<Pick<Interceptor, "serve">>;

/** The way of one operation of a peer's through the interceptors of its session. */
export abstract class ServedOperation implements WaitingCall {
  /** The operation as interceptors see it. */
  call!: IncomingCall;
  /** Whether it was carried out, at least in part. */
  protected hasBegun = false;
  readonly #interceptors: readonly ServeInterceptor[];
  readonly #lifetime: Lifetime;
  #isGivenUp = false;
  #result: unknown;

  constructor(interceptors: readonly ServeInterceptor[], lifetime: Lifetime) {
    this.#interceptors = interceptors;
    this.#lifetime = lifetime;
  }

  /**
   * Runs the interceptors and, where they let it, the operation.
   *
   * @returns the result that the outermost interceptor gives
   * @throws its error. The operation's own result was given up then
   */
  protected pass(): unknown {
    let result: unknown;
    try {
      result = this.#enter(0);
    } catch (error) {
      this.#discard();
      throw error;
    }
    if (result instanceof Promise && result !== this.#result) {
      result.then(undefined, () => this.#discard());
    }
    return result;
  }

  #enter(i: number): unknown {
    const interceptor = this.#interceptors[i];
    if (!interceptor) return this.#begin();
    let state: "ready" | "called" | "over" = "ready";
    const next = () => {
      if (state !== "ready") throw misused(this.call, state);
      state = "called";
      return this.#enter(i + 1);
    };
    const end = () => {
      if (state === "ready") state = "over";
    };
    let result: unknown;
    try {
      result = interceptor.serve(this.call, next);
    } catch (error) {
      end();
      throw error;
    }
    if (state === "ready") {
      if (result instanceof Promise) result.then(end, end);
      else end();
    }
    return result;
  }

  #begin(): unknown {
    const { over } = this.#lifetime;
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

  /** The operation's result goes nowhere, because an interceptor failed after it. */
  #discard(): void {
    const result = this.#result;
    this.#result = undefined;
    if (result !== undefined) this.dispose(result);
  }

  /** Carries the operation out; gives its result as it is. */
  protected abstract perform(): unknown;

  /** Disposes of everything that the operation would need. */
  protected abstract abandon(): void;

  /** Disposes of a result of {@link perform}. Never throws. */
  protected abstract dispose(result: unknown): void;
}

const MISUSES = {
  called: "called next() twice. An operation can be carried out once.",
  over: "called next() after it had returned its result.",
};

function misused({ kind, path }: IncomingCall, state: keyof typeof MISUSES): InterceptorError {
  return new InterceptorError(
    `An interceptor's serve(), for a ${kind} of '${path.join(".")}', ${MISUSES[state]}`,
  );
}
