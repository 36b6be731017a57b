import type { Transport } from "@capnweb/core";
import type { FrameCounts } from "@capnweb/core/following";
import { ResumeError, ResumingTransport } from "@capnweb/resume";
import type { Clock } from "./clock.ts";
import { openWith } from "./open.ts";
import type { ConnectOptions, FailedAttempt, OpenContext } from "./options.ts";

/** The events of a line between two peers, which may be interrupted while its session lives. */
export interface LineEvents {
  interrupted(reason: unknown): void;
  resumed(): void;
  /** @param deadline milliseconds after which the peer closes the line */
  goaway(deadline: number): void;
}

/** The transport of one session. */
export interface Line {
  readonly transport: Transport;
  /** The counts of a transport that keeps frames back. */
  readonly counts: FrameCounts | undefined;
  /** True if the peer may offer tokens for its capabilities, because it runs this library. */
  readonly offersTokens: boolean;
  /** Receives the events from now on. */
  listen(events: LineEvents): void;
  /** Connects anew, because the connection is dead; false if the line can't outlive it. */
  interrupt(reason: unknown): boolean;
  /** Gives up the transport, whose session is over, without another attempt to reach the peer. */
  drop(reason: unknown): void;
  /** The line of the next session, if the peer can begin one on the same connection. */
  successor(reason: unknown): Line | undefined;
}

/** A line that ends with its connection. */
export function plainLine(transport: Transport): Line {
  return {
    transport,
    counts: undefined,
    offersTokens: false,
    listen() {},
    interrupt: () => false,
    drop: (reason) => transport.abort(reason),
    successor: () => undefined,
  };
}

/** A line that outlives its connections, if the peer knows how to resume. */
class ResumingLine implements Line {
  readonly transport: ResumingTransport;
  readonly #events: { current: LineEvents | undefined };
  readonly #dropping: AbortController;

  /**
   * @param events receives those of the transport
   * @param dropping the controller of the transport's signal
   */
  constructor(
    transport: ResumingTransport,
    events: { current: LineEvents | undefined },
    dropping: AbortController,
  ) {
    this.transport = transport;
    this.#events = events;
    this.#dropping = dropping;
  }

  get counts(): FrameCounts {
    return this.transport;
  }

  get offersTokens(): boolean {
    return this.transport.peer === "resumable";
  }

  listen(events: LineEvents): void {
    this.#events.current = events;
  }

  interrupt(reason: unknown): boolean {
    const { transport } = this;
    if (transport.peer !== "resumable" || transport.state === "closed") return false;
    transport.interrupt(reason);
    return true;
  }

  drop(reason: unknown): void {
    this.#dropping.abort(reason);
  }

  successor(reason: unknown): Line | undefined {
    if (!(reason instanceof ResumeError) || reason.code !== "RESUME_FRESH") return undefined;
    // Its session is another one, but the transport keeps the options and their listeners.
    return new ResumingLine(this.transport.successor(), this.#events, this.#dropping);
  }
}

/**
 * Makes a line that outlives its connections.
 *
 * @param first the first connection
 * @param options open the later ones
 * @param failed notes a failure to open one, and decides whether to go on
 */
export function resumingLine(
  first: Transport,
  options: ConnectOptions,
  clock: Clock,
  failed: (attempt: FailedAttempt) => boolean,
): Line {
  const { resume, backoff, random, openTimeout, onError } = options;
  const events: { current: LineEvents | undefined } = { current: undefined };
  const dropping = new AbortController();
  let given: Transport | undefined = first;
  const open = (context: OpenContext) => {
    const transport = given;
    given = undefined;
    return transport ?? openWith(options.open, context);
  };
  const transport = new ResumingTransport(open, {
    ...(resume || {}),
    backoff: { ...backoff, random },
    attemptTimeout: openTimeout,
    encodingLevel: first.encodingLevel ?? "string",
    isBinary: first.isBinary ?? false,
    signal: dropping.signal,
    onError,
    clock: { now: () => clock.now(), after: (delay, act) => clock.after(delay, act, true) },
    shouldRetry: (error, attempt) => failed({ error, attempt }),
    onStateChange({ state, outcome, error }) {
      if (state === "interrupted") events.current?.interrupted(error);
      else if (outcome === "resumed") events.current?.resumed();
    },
    onGoaway: ({ deadline }) => events.current?.goaway(deadline),
  });
  return new ResumingLine(transport, events, dropping);
}
