import type { Transport } from "@capnweb/core";
import type { Backoff } from "@capnweb/resume";
import { abortable } from "./abortable.ts";
import type { Clock } from "./clock.ts";
import { OpenTimeoutError } from "./errors.ts";
import type { LiveSession } from "./live-session.ts";
import { openWith } from "./open.ts";
import type { ConnectOptions, FailedAttempt } from "./options.ts";

/** The parts of a connection that attempts to connect need. */
export interface ConnectorOptions {
  readonly open: ConnectOptions["open"];
  readonly openTimeout: number;
  /** Milliseconds that the peer has to answer the first probe. */
  readonly probeTimeout: number;
  readonly backoff: Backoff;
  readonly clock: Clock;
  /** Starts a session on a connection. */
  start(transport: Transport): LiveSession;
  /** Starts a session on the connection that the last session has left, if it can. */
  startOnLast(): LiveSession | undefined;
  /** Notes a failure, and decides whether to go on. */
  failed(attempt: FailedAttempt): boolean;
}

/** Connects, with delays between the attempts. */
export class Connector {
  readonly #options: ConnectorOptions;
  #endDelay: (() => void) | undefined;

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  /**
   * Connects. A session counts only once its peer has answered: a proxy may accept connections for
   * a server that is gone.
   *
   * @throws the signal's reason when it aborts
   * @throws the error of the last attempt, if `failed` decides so
   */
  async connect(signal: AbortSignal): Promise<LiveSession> {
    const { backoff, failed } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const { pause } = backoff;
      // A loop of failures without a pause would leave the program no time.
      if (pause > 0 || attempt > 0) await this.#delay(pause, signal);
      try {
        return await this.#attempt(attempt, signal);
      } catch (error) {
        signal.throwIfAborted();
        backoff.failed();
        if (!failed({ error, attempt })) throw error;
      }
    }
  }

  /** Makes the next attempt at once, and the delays short again. */
  hurry(): void {
    this.#options.backoff.reset();
    this.#endDelay?.();
  }

  async #delay(delay: number, signal: AbortSignal): Promise<void> {
    let cancel = () => {};
    const over = new Promise<void>((resolve) => {
      this.#endDelay = resolve;
      cancel = this.#options.clock.after(delay, resolve);
    });
    try {
      await abortable(over, signal);
    } finally {
      cancel();
      this.#endDelay = undefined;
    }
  }

  async #attempt(attempt: number, outer: AbortSignal): Promise<LiveSession> {
    const { openTimeout, probeTimeout, clock } = this.#options;
    const controller = new AbortController();
    const { signal } = controller;
    const abort = () => controller.abort(outer.reason);
    outer.addEventListener("abort", abort, { once: true });
    const cancel = clock.after(openTimeout, () =>
      controller.abort(new OpenTimeoutError(openTimeout)),
    );
    try {
      const live = this.#options.startOnLast() ?? (await this.#open(attempt, signal));
      try {
        await abortable(live.probe(probeTimeout), signal);
        return live;
      } catch (error) {
        live.lose(error);
        throw error;
      }
    } finally {
      cancel();
      outer.removeEventListener("abort", abort);
    }
  }

  async #open(attempt: number, signal: AbortSignal): Promise<LiveSession> {
    const { open, start } = this.#options;
    const opening = openWith(open, { signal, attempt });
    // It may ignore the signal, and open later.
    opening.then((late) => signal.aborted && late.abort(signal.reason)).catch(() => {});
    const transport = await abortable(opening, signal);
    try {
      return start(transport);
    } catch (error) {
      transport.abort(error);
      throw error;
    }
  }
}
