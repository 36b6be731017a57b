import type { Transport } from "@capnweb/core";
import { Backoff } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { ResumeError } from "./errors.ts";
import type { OpenTransport, ResumeOptions } from "./options.ts";

/** Learns the outcome of attempts to connect. */
export interface DialerOwner {
  /** Called with a transport that isn't started. */
  opened(transport: Transport): void;
  /** Called when an attempt failed, and another one follows. */
  failed(error: unknown): void;
  /** Called when an attempt failed, and none follows. */
  gaveUp(error: unknown): void;
}

/** Milliseconds that a connection has to last for the next one to be tried at once. */
const LASTING = 1_000;

/** Default of `attemptTimeout`, in milliseconds. */
const DEFAULT_ATTEMPT_TIMEOUT = 10_000;

/** Makes attempts to connect, with pauses between them, until one succeeds. */
export class Dialer {
  readonly #open: OpenTransport;
  readonly #clock: Clock;
  readonly #owner: DialerOwner;
  readonly #options: ResumeOptions;
  readonly #backoff: Backoff;
  /** Milliseconds in which an attempt has to succeed. */
  readonly timeout: number;
  /** False if the process may end during a pause, because the session is over. */
  keepsRunning = true;
  #attempt = 0;
  /** Aborts the attempt or the pause that is under way. */
  #current: AbortController | undefined;

  constructor(open: OpenTransport, options: ResumeOptions, clock: Clock, owner: DialerOwner) {
    this.#open = open;
    this.#clock = clock;
    this.#owner = owner;
    this.#backoff = new Backoff(options.backoff);
    this.timeout = options.attemptTimeout ?? DEFAULT_ATTEMPT_TIMEOUT;
    this.#options = options;
  }

  /** Tries to connect now, whatever is under way. */
  dialNow(): void {
    void this.#try(this.#begin());
  }

  #begin(): AbortController {
    this.cancel();
    this.#current = new AbortController();
    return this.#current;
  }

  /**
   * Tries to connect: at once if the last connection lasted, and after a pause otherwise.
   *
   * @param lasted milliseconds for which there was a connection; `undefined` after an attempt
   */
  dial(lasted?: number): void {
    if (lasted !== undefined) this.#attempt = 0;
    if (lasted! >= LASTING) {
      this.#backoff.reset();
      this.dialNow();
      return;
    }
    this.#backoff.failed();
    const controller = this.#begin();
    const dial = () => void this.#try(controller);
    const cancel = this.#clock.after(this.#backoff.pause, dial, this.keepsRunning);
    controller.signal.addEventListener("abort", cancel);
  }

  /** Gives up the attempt or the pause that is under way. */
  cancel(): void {
    this.#current?.abort();
    this.#current = undefined;
  }

  async #try(controller: AbortController): Promise<void> {
    const { signal } = controller;
    const attempt = this.#attempt++;
    try {
      const transport = await this.#opened(controller, attempt);
      if (signal.aborted) abandon(transport, signal.reason);
      else {
        this.#current = undefined;
        this.#owner.opened(transport);
      }
    } catch (error) {
      if (signal.aborted && this.#current !== controller) return;
      this.#current = undefined;
      if (this.#retries(error, attempt)) this.#owner.failed(error);
      else this.#owner.gaveUp(error);
    }
  }

  /** Opens a transport, unless the attempt is given up or takes too long. */
  #opened(controller: AbortController, attempt: number): Promise<Transport> {
    const { signal } = controller;
    return new Promise((resolve, reject) => {
      const stop = this.#clock.after(this.timeout, () => {
        const message = `No connection within ${this.timeout} ms (attemptTimeout).`;
        controller.abort(new ResumeError("RESUME_TIMEOUT", message));
      });
      signal.addEventListener("abort", () => {
        stop();
        reject(signal.reason);
      });
      const opening = (async () => this.#open({ signal, attempt }))();
      opening
        .then((transport) => {
          if (signal.aborted) abandon(transport, signal.reason);
          else resolve(transport);
        }, reject)
        .finally(stop);
    });
  }

  #retries(error: unknown, attempt: number): boolean {
    try {
      return this.#options.shouldRetry?.(error, attempt) ?? !(error instanceof SyntaxError);
    } catch {
      return false;
    }
  }
}

/** Closes a transport that opened too late. */
function abandon(transport: Transport, reason: unknown): void {
  try {
    transport.abort(reason);
  } catch {
    // It was never used.
  }
}
