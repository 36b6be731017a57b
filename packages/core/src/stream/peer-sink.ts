import { BrokenListener } from "../broken-listener.ts";
import { LEAST_CHUNK_BYTES } from "../call-context/counts.ts";
import { type Puller, pullInto, type StubHook } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { pauseBetweenChunks } from "../turns/turns.ts";
import type { Failure } from "./explain-close.ts";
import { FlowControl, openFlows } from "./flow-control.ts";

/**
 * The writing end of a peer's stream, for one writer at a time. It takes chunks as fast as the
 * window allows, and disposes of those that it can't send.
 */
export class PeerSink {
  /** The reason why nothing more can be written, once there is one. */
  failure: Failure | undefined;
  readonly #hook: StubHook;
  readonly #runtime: Runtime;
  readonly #payloadOf: typeof Payload.piped;
  readonly #flow = new FlowControl();
  #onFailure: ((error: unknown) => void) | undefined;
  /** Makes the waiting writer look again. */
  #wake: (() => void) | undefined;

  /**
   * Takes over `hook`. Its last reference goes with the close, the abort or the failure.
   *
   * @param isPiped whether the chunks come from a stream, so that their bytes have no other use
   */
  constructor(hook: StubHook, runtime: Runtime, isPiped: boolean) {
    this.#hook = hook;
    this.#runtime = runtime;
    this.#payloadOf = isPiped ? Payload.piped : Payload.borrowed;
  }

  /** Calls `onFailure` once, as soon as the sink fails: at once, if the peer's end is gone. */
  watch(onFailure: (error: unknown) => void): void {
    this.#onFailure = onFailure;
    this.#hook.onBroken(new BrokenListener((error) => this.fail(error)));
  }

  /** Fails the sink, and gives up the peer's stream, which aborts it. */
  fail(error: unknown): void {
    if (this.failure) return;
    this.#failed(error);
    this.#hook.dispose();
  }

  #failed(error: unknown): void {
    this.failure = { error };
    openFlows.delete(this.#flow);
    this.#onFailure?.(error);
    this.#wake?.();
  }

  /**
   * Sends a chunk, or disposes of it if the sink has failed.
   *
   * @returns a promise that settles when there is room for another; `undefined` if there is room
   *   now
   * @throws the failure
   */
  write(chunk: unknown): Promise<void> | undefined {
    const payload = this.#payloadOf(this.#runtime, [chunk]);
    if (this.failure) {
      payload.dispose();
      throw this.failure.error;
    }
    const { result, size, room } = this.#hook.stream(["write"], payload);
    if (size === undefined) return this.#writtenHere(result);
    const flow = this.#flow;
    const message = flow.sent(Math.max(size, LEAST_CHUNK_BYTES), performance.now());
    openFlows.add(flow);
    this.#await(result, () => flow.acknowledged(message, performance.now()));
    // A source that always has more would leave no turn to other work.
    if (!room && flow.hasRoom && !this.failure) return pauseBetweenChunks();
    let isFull = room !== undefined;
    room?.then(
      () => {
        isFull = false;
        this.#wake?.();
      },
      (error: unknown) => this.fail(error),
    );
    return this.#until(() => !isFull && flow.hasRoom);
  }

  /**
   * Waits for a write that hasn't left the process. Either the stream at the other end holds us
   * back itself, or the chunk can't be sent, and only this side can tell the other end.
   */
  async #writtenHere(result: StubHook): Promise<void> {
    try {
      await done(result);
    } catch (error) {
      if (!this.failure) {
        this.#failed(error);
        void this.abort(error);
      }
      throw error;
    }
  }

  /** Closes the peer's stream. Rejects with the failure. */
  async close(): Promise<void> {
    let isClosed = false;
    this.#await(this.#hook.stream(["close"], this.#payloadOf(this.#runtime, [])).result, () => {
      isClosed = true;
      openFlows.delete(this.#flow);
      this.#hook.dispose();
    });
    await this.#until(() => isClosed);
  }

  /** Aborts the peer's stream, and gives it up. Never rejects. */
  async abort(reason: unknown): Promise<void> {
    try {
      // A reason that can't be sent is replaced by the error that says so.
      await this.#abort(reason).catch((error) => this.#abort(error));
    } catch {
      // The other end is gone or has failed already, so it is aborted in any case.
    } finally {
      openFlows.delete(this.#flow);
      this.#hook.dispose();
    }
  }

  #abort(reason: unknown): Promise<void> {
    return done(this.#hook.stream(["abort"], this.#payloadOf(this.#runtime, [reason])).result);
  }

  #await(result: StubHook, succeeded: () => void): void {
    pullInto(
      result,
      answer(
        result,
        () => {
          succeeded();
          this.#wake?.();
        },
        (error) => this.fail(error),
      ),
    );
  }

  /** Waits until `isTrue`. Rejects with the failure as soon as there is one. */
  async #until(isTrue: () => boolean): Promise<void> {
    while (!this.failure && !isTrue()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.failure) throw this.failure.error;
  }
}

/** Settles with the success or failure of a call. Disposes of its result. */
function answer(result: StubHook, resolve: () => void, reject: (error: unknown) => void): Puller {
  return {
    resolve() {
      result.dispose();
      resolve();
    },
    reject(error) {
      result.dispose();
      reject(error);
    },
  };
}

function done(result: StubHook): Promise<void> {
  return new Promise((resolve, reject) => pullInto(result, answer(result, resolve, reject)));
}
