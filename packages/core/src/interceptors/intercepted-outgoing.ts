import type { Expression } from "@capnweb/wire";
import { InterceptorError } from "../errors.ts";
import { takeHook } from "../model/dispose-handle.ts";
import { handleIfStub } from "../model/handle.ts";
import { ErrorHook, type PropertyPath, type StreamedCall, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { SessionParts } from "../session/base-session.ts";
import { Outgoing, type OutgoingHost } from "../session/outgoing.ts";
import type { Transport } from "../transport.ts";
import type { RpcPromise } from "../types/index.ts";
import type { Interceptor, OperationKind } from "./interceptor.ts";
import { OutgoingOperation } from "./operation.ts";
import { WatchedResult } from "./watched-result.ts";

/** An interceptor that looks at outgoing operations. */
export type CallInterceptor = Interceptor & Required<Pick<Interceptor, "call">>;

/** The requests of a session's stubs, each of which passes the session's interceptors. */
export class InterceptedOutgoing extends Outgoing {
  readonly #interceptors: readonly CallInterceptor[];
  readonly #parts: SessionParts;

  constructor(
    interceptors: readonly CallInterceptor[],
    host: OutgoingHost & SessionParts,
    transport: Transport,
    releaseForgotten: boolean | "trace" | undefined,
  ) {
    super(host, transport, releaseForgotten);
    this.#interceptors = interceptors;
    this.#parts = host;
  }

  override call(id: number, path: PropertyPath, args: Payload): StubHook {
    const passage = new Passage(this, () => super.call(id, path, args));
    const result = passage.run(this.#operation("call", path, args), this.#interceptors);
    // An interceptor may have gone on without the call, although it couldn't be sent.
    args.dispose();
    return result;
  }

  override get(id: number, path: PropertyPath): StubHook {
    // A reference, which no application asked for.
    if (path.length === 0) return super.get(id, path);
    const passage = new Passage(this, () => super.get(id, path));
    try {
      return passage.run(this.#operation("get", path), this.#interceptors);
    } catch (error) {
      return new ErrorHook(error);
    }
  }

  override map(
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
  ): StubHook {
    const passage = new Passage(this, () => super.map(id, path, captures, instructions));
    const result = passage.run(this.#operation("map", path), this.#interceptors);
    if (!passage.hasLeft) for (const capture of captures) capture.dispose();
    return result;
  }

  override stream(id: number, path: PropertyPath, args: Payload): StreamedCall {
    let streamed: StreamedCall | undefined;
    const passage = new Passage(this, () => {
      streamed = super.stream(id, path, args);
      return streamed.result;
    });
    const result = passage.run(this.#operation("stream", path, args), this.#interceptors);
    args.dispose();
    return { result, size: streamed?.size, room: streamed?.room };
  }

  #operation(kind: OperationKind, path: PropertyPath, args?: Payload): OutgoingOperation {
    return new OutgoingOperation(this.#parts, kind, path, args?.value);
  }
}

/** The way of one operation through the interceptors. */
class Passage {
  readonly #outgoing: Outgoing;
  readonly #leave: () => StubHook;
  #watched: WatchedResult | undefined;
  #promise: object | undefined;

  /** @param leave sends the operation; gives its result */
  constructor(outgoing: Outgoing, leave: () => StubHook) {
    this.#outgoing = outgoing;
    this.#leave = leave;
  }

  /** Whether the operation was sent. */
  get hasLeft(): boolean {
    return this.#watched !== undefined;
  }

  /**
   * Runs the interceptors.
   *
   * @returns the result; a failure if an interceptor throws after the operation was sent
   * @throws the error of an interceptor, or of sending the operation, if it wasn't sent
   */
  run(operation: OutgoingOperation, interceptors: readonly CallInterceptor[]): StubHook {
    try {
      return this.#resultOf(this.#enter(operation, interceptors, 0), operation);
    } catch (error) {
      if (!this.#watched) throw error;
      this.#watched.dispose();
      this.#watched.keep();
      return new ErrorHook(error);
    }
  }

  #enter(
    operation: OutgoingOperation,
    interceptors: readonly CallInterceptor[],
    i: number,
  ): object {
    const interceptor = interceptors[i];
    if (!interceptor) return this.#send();
    let state: "ready" | "called" | "over" = "ready";
    const next = () => {
      if (state !== "ready") throw misused(operation, state);
      state = "called";
      return this.#enter(operation, interceptors, i + 1) as RpcPromise<any>;
    };
    let result: unknown;
    try {
      result = interceptor.call(operation, next);
    } finally {
      // The compiler doesn't know that next() runs meanwhile.
      if ((state as string) === "ready") state = "over";
    }
    if ((state as string) === "over") throw misused(operation, "ready");
    return result as object;
  }

  #send(): object {
    this.#watched = new WatchedResult(this.#leave());
    this.#promise = this.#outgoing.runtime.makePromise(this.#watched);
    return this.#promise;
  }

  /** The result that an interceptor returned. */
  #resultOf(result: unknown, operation: OutgoingOperation): StubHook {
    const handle = handleIfStub(result);
    if (!handle) {
      throw new InterceptorError(
        `An interceptor's call() returned no RpcPromise for ${operation.describe()}. Return the ` +
          "promise that next() gives, or new RpcPromise(promise).",
      );
    }
    const watched = this.#watched;
    if (watched && handle.hook === watched && handle.path.length === 0) return watched.passOn();
    watched?.keep();
    if (!this.#outgoing.runtime.isPromise(result)) return handle.dup();
    return handle.path.length === 0 ? takeHook(handle) : handle.target();
  }
}

const MISUSES = {
  ready:
    "returned without calling next(). It has to call next() once, before it returns. To refuse " +
    "an operation, throw an error.",
  called: "called next() twice. An operation can be sent once.",
  over:
    "called next() after it had returned. Operations leave in order, so it has to call next() " +
    "before it returns.",
};

function misused(operation: OutgoingOperation, state: keyof typeof MISUSES): InterceptorError {
  return new InterceptorError(
    `An interceptor's call(), for ${operation.describe()}, ${MISUSES[state]}`,
  );
}
