import type { StubHook } from "../hook.ts";
import { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { FlowControl } from "./flow-control.ts";

/** A local stream whose data goes to a peer's. */
export interface RemoteWritable {
  readonly writable: WritableStream<unknown>;
  /** Gives up the peer's stream; it is aborted unless it was closed. */
  discard(): void;
}

/** A stream that writes to the one behind `hook`. Takes over `hook`. */
export function writableOver(hook: StubHook, runtime: Runtime): RemoteWritable {
  const sink = new RemoteSink(hook, runtime);
  return { writable: new WritableStream(sink), discard: () => hook.dispose() };
}

/** Sends what is written, as fast as the window allows; failures show at the next write or close. */
class RemoteSink implements UnderlyingSink<unknown> {
  readonly #hook: StubHook;
  readonly #runtime: Runtime;
  readonly #flow = new FlowControl();
  #failure: { error: unknown } | undefined;
  #pending = 0;
  /** Settles the promise that a write or close waits with. */
  #wake: (() => void) | undefined;

  constructor(hook: StubHook, runtime: Runtime) {
    this.#hook = hook;
    this.#runtime = runtime;
  }

  async write(chunk: unknown): Promise<void> {
    this.#throwFailure();
    const { done, size, room } = this.#send("write", [chunk]);
    if (size === undefined) {
      // Nothing left the process: the stream at the other end holds us back itself.
      await done;
      return;
    }
    this.#pending++;
    const inFlight = this.#flow.sent(size, performance.now());
    done
      .then(
        () => this.#flow.acknowledged(inFlight, performance.now()),
        (error: unknown) => this.#fail(error),
      )
      .finally(() => {
        this.#pending--;
        this.#wake?.();
      });
    if (room !== undefined) await room;
    while (!this.#flow.hasRoom && this.#failure === undefined) await this.#change();
    this.#throwFailure();
  }

  async close(): Promise<void> {
    const closed = this.#send("close", []).done;
    closed.catch(() => {});
    while (this.#pending > 0 && this.#failure === undefined) await this.#change();
    try {
      this.#throwFailure();
      await closed;
    } finally {
      this.#hook.dispose();
    }
  }

  async abort(reason: unknown): Promise<void> {
    try {
      await this.#send("abort", [reason]).done;
    } catch {
      // The other end is gone, or had failed already: aborted either way.
    } finally {
      this.#hook.dispose();
    }
  }

  #send(method: string, args: unknown[]) {
    return this.#hook.stream([method], Payload.borrowed(this.#runtime, args));
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#hook.dispose();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
