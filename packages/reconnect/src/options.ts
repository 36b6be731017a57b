import type { RpcSessionOptions, Transport } from "@capnweb/core";
import type { BackoffOptions as ResumeBackoffOptions, ResumeOptions } from "@capnweb/resume";
import type { Clock } from "./clock.ts";
import type { OfflineOptions } from "./offline-calls.ts";
import type { RetryBudgetOptions } from "./retry-budget.ts";

/** The delays between attempts to connect. */
export type BackoffOptions = Omit<ResumeBackoffOptions, "random">;

/** An attempt to open a connection. */
export interface OpenContext {
  /** Aborts when the attempt takes too long, or the connection is closed. */
  readonly signal: AbortSignal;
  /** The number of attempts that failed since there was a connection last: 0, 1, 2, … */
  readonly attempt: number;
}

/** The failure of an attempt to connect. */
export interface FailedAttempt {
  /** The reason. */
  readonly error: unknown;
  /** The number of attempts that failed before this one since there was a connection last. */
  readonly attempt: number;
}

/** The times after which a silent peer is asked whether it is there, and given up. */
export interface HealthOptions {
  /** Milliseconds between two probes. Default 15,000; `Infinity` for none. */
  interval?: number | undefined;
  /** Milliseconds of silence after a probe until the connection is given up. Default 10,000. */
  timeout?: number | undefined;
  /**
   * True for a probe at once, or an attempt without a delay, when a page becomes visible, the
   * network is back, or timers are late because the computer slept. Default true.
   */
  onWake?: boolean | undefined;
}

/** Options of `connect()`. Those of sessions apply to each session. */
export interface ConnectOptions extends RpcSessionOptions {
  /**
   * Opens a connection, for instance with `webSocketTransport(url, { signal })`. Called for each
   * attempt. After a failure, the next attempt waits for longer. After a mistake, such as a
   * `TypeError` that it throws or a URL that isn't one, the connection is closed with a
   * `SetupError`.
   *
   * @returns the transport of a new session, which owns it
   */
  open(context: OpenContext): Transport | PromiseLike<Transport>;
  /**
   * Makes this side's main object for a new session, which owns it. Default: no main object. The
   * peers of one connection are several sessions, one after another. If it throws, the connection
   * is closed with a `SetupError`.
   */
  createMain?: (() => unknown) | undefined;
  /** The delays between attempts: exponential, with full jitter. */
  backoff?: BackoffOptions | undefined;
  /** Milliseconds that an attempt may take, its first probe included. Default 30,000. */
  openTimeout?: number | undefined;
  /**
   * Called when an attempt has failed. If it returns false, the connection is closed with the
   * attempt's error: for instance, because the server refuses the user. It isn't called for a
   * `SetupError`, after which no attempt follows. Default: always go on.
   */
  retry?: ((failed: FailedAttempt) => boolean) | undefined;
  /**
   * Bounds on resuming: while both processes live, a session outlives its connections, and nothing
   * is lost. Needs a peer that accepts with `@capnweb/resume` or `@capnweb/host`. With any other,
   * each lost connection is a lost session. False for no resuming. Default: those of
   * `ResumeOptions`.
   */
  resume?: Pick<ResumeOptions, "window" | "buffer"> | false | undefined;
  /** Probes, which notice a peer that is stopped or gone. */
  health?: HealthOptions | undefined;
  /** Bounds on the calls that are made while there is no connection. They wait for it. */
  offline?: OfflineOptions | undefined;
  /** Bounds on the idempotent calls that are repeated although they may have run. */
  retryBudget?: RetryBudgetOptions | undefined;
  /** Closes the connection when it aborts. */
  signal?: AbortSignal | undefined;
  /** The time. For tests; default: the platform's. */
  clock?: Clock | undefined;
  /** Random numbers from 0 to 1, for the delays. For tests; default: `Math.random`. */
  random?: (() => number) | undefined;
}
