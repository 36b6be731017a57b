import type { Entry } from "./entry.ts";

/** Options of {@link RpcHost.drain}. */
export interface DrainOptions {
  /**
   * Milliseconds until every session is closed. Clients that know the announcement leave within the
   * first three quarters of it, spread over that time. The rest is for calls under way. Default
   * 30,000.
   */
  deadline?: number | undefined;
  /**
   * Milliseconds in which the host still accepts sessions, although it reports that it isn't ready.
   * A load balancer needs them to notice. Default 0.
   */
  notice?: number | undefined;
  /** Text for clients that are refused or closed. Default: "The server is shutting down." */
  reason?: string | undefined;
}

/** The outcome of a drain. */
export interface DrainReport {
  /** The number of sessions when the host stopped accepting more. */
  readonly sessions: number;
  /** The number of sessions that ended by themselves, because their client left. */
  readonly left: number;
  /** The number of sessions that the host closed while none of their calls was under way. */
  readonly closed: number;
  /** The number of sessions that were closed at the deadline with calls under way. */
  readonly cut: number;
  /** The number of calls that were under way in these sessions. */
  readonly cutCalls: number;
  /**
   * The number of sessions without a connection, which were given up because their client can't
   * come back. They aren't among the others.
   */
  readonly detached: number;
  /** Milliseconds from the call of `drain` until the last session was over. */
  readonly duration: number;
}

/** The part of the deadline in which clients leave. */
const LEAVING = 0.75;

/** Milliseconds between looks for sessions that have opened since clients were asked to leave. */
const INTERVAL = 100;

/** Milliseconds that peers have to answer the close of their connection. */
const CLOSING = 6_000;

/** A host, as its drain sees it. */
export interface Draining {
  /** The sessions that aren't over. */
  readonly entries: ReadonlySet<Entry>;
  /** True if the sessions are to be closed without a wait for them. */
  readonly isHurried: boolean;
  /** Resolves once no session is left, or after `timeout` milliseconds, or once hurried. */
  whenEmptyOrHurried(timeout: number): Promise<void>;
  /** Resolves once no session is left, or after `timeout` milliseconds. */
  whenEmpty(timeout: number): Promise<void>;
}

/**
 * Ends all sessions of a host that takes no more: asks clients to leave, waits for calls under way,
 * and closes the rest.
 *
 * @param deadline milliseconds
 * @param reason text for the clients
 */
export async function drainSessions(
  host: Draining,
  deadline: number,
  reason: string,
): Promise<Omit<DrainReport, "detached" | "duration">> {
  const end = performance.now() + deadline;
  const sessions = host.entries.size;
  const left = await letLeave(host, deadline);
  const before = host.entries.size;
  for (const entry of host.entries) {
    // A batch ends by itself, once its response is there.
    if (entry.medium === "http") continue;
    void entry.whenIdle().then(() => entry.closeFor("goingAway", reason));
  }
  await host.whenEmptyOrHurried(end - performance.now());
  let cut = 0;
  let cutCalls = 0;
  const closed = before - host.entries.size;
  let idle = 0;
  // A copy, because a session may end within the call that closes it.
  for (const entry of [...host.entries]) {
    const { calls } = entry;
    if (calls > 0) cut++;
    else idle++;
    cutCalls += calls;
    entry.closeFor("goingAway", reason);
  }
  await host.whenEmpty(CLOSING);
  return { sessions, left, closed: closed + idle, cut, cutCalls };
}

/** @returns the number of sessions that ended meanwhile */
async function letLeave(host: Draining, deadline: number): Promise<number> {
  const before = host.entries.size;
  const end = performance.now() + deadline * LEAVING;
  for (;;) {
    const rest = end - performance.now();
    // Sessions that have just opened are asked as soon as their client has announced itself.
    for (const entry of host.entries) entry.askToLeave(Math.max(rest, 0));
    if (rest <= 0 || host.isHurried || host.entries.size === 0) break;
    await host.whenEmptyOrHurried(Math.min(rest, INTERVAL));
  }
  return before - host.entries.size;
}
