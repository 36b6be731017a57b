import type { RpcCompatible, Transport } from "@capnweb/core";
import type { Execution } from "@capnweb/core/following";
import { Backoff } from "@capnweb/resume";
import type { Clock } from "./clock.ts";
import { Connector } from "./connector.ts";
import { newEpoch } from "./epoch.ts";
import { ConnectionClosedError, ConnectionLostError, SetupError } from "./errors.ts";
import type { Followers } from "./followers.ts";
import { Health } from "./health.ts";
import { type Line, plainLine, resumingLine } from "./line.ts";
import { LiveSession, type SessionEvents } from "./live-session.ts";
import type { ConnectOptions, FailedAttempt } from "./options.ts";
import { Retirement } from "./retirement.ts";
import type { ConnectionState, Outcome, StateChange } from "./state.ts";
import { Wake } from "./wake.ts";

const DEFAULT_OPEN_TIMEOUT = 30_000;
/** The part of a goaway's deadline in which clients move, so that the rest is left for calls. */
const MOVING = 0.5;
/**
 * The multiple of the deadline after which this side closes a session with calls under way. The
 * peer closes it earlier, and may leave these calls more time.
 */
const PATIENCE = 2;
/** The longest time for which an outage keeps a process running. */
const OUTAGE = 2 ** 31 - 1;

/**
 * Keeps a connection open: connects, publishes each new session to the followers, notices its
 * interruption or loss, and begins again. The state machine of docs/reconnect.md.
 */
export class Supervisor<T extends RpcCompatible<T>> {
  readonly #options: ConnectOptions;
  readonly #clock: Clock;
  readonly #followers: Followers<T>;
  readonly #onChange: (change: StateChange) => void;
  readonly #backoff: Backoff;
  readonly #connector: Connector;
  readonly #health: Health;
  readonly #wake: Wake | undefined;
  readonly #retirement: Retirement;
  readonly #closing = new AbortController();
  readonly #onAbort = () => this.close(this.#options.signal?.reason);
  #state: ConnectionState = "connecting";
  #epoch: string | undefined;
  /** The session that calls are made on, even while it is interrupted. */
  #live: LiveSession | undefined;
  /** The session that was lost last, whose connection may be of use. */
  #last: LiveSession | undefined;
  /** The time until which the peer of the current session wants to be left. */
  #leaveBy = Number.POSITIVE_INFINITY;
  #reason: unknown;
  #cancelOutage: (() => void) | undefined;
  #cancelMove: (() => void) | undefined;

  constructor(
    options: ConnectOptions,
    clock: Clock,
    followers: Followers<T>,
    onChange: (change: StateChange) => void,
  ) {
    const { random = Math.random, health = {}, openTimeout = DEFAULT_OPEN_TIMEOUT } = options;
    this.#options = options;
    this.#clock = clock;
    this.#followers = followers;
    this.#onChange = onChange;
    this.#backoff = new Backoff({ ...options.backoff, random });
    this.#health = new Health(health, clock);
    this.#retirement = new Retirement(clock);
    if (health.onWake !== false) this.#wake = new Wake(clock, () => this.check());
    this.#connector = new Connector({
      open: options.open,
      openTimeout,
      probeTimeout: this.#health.timeout,
      backoff: this.#backoff,
      clock,
      start: (transport) => this.#startOn(this.#lineOn(transport)),
      startOnLast: () => this.#startOnLast(),
      failed: (failed) => this.#failed(failed),
    });
  }

  /** The reason of the last failure, or of the end. */
  get reason(): unknown {
    return this.#reason;
  }

  get underWay(): number {
    return this.#live?.followed.underWay ?? 0;
  }

  start(): void {
    const { signal } = this.#options;
    if (signal?.aborted) {
      this.close(signal.reason);
      return;
    }
    signal?.addEventListener("abort", this.#onAbort);
    this.#wake?.start();
    void this.#run();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    try {
      while (!signal.aborted) {
        const live = await this.#connector.connect(signal);
        const moved = live.end ? undefined : this.#publish(live);
        await Promise.race([live.ended, moved]);
        // Also of a session that the peer has asked to be left: it may ask so each time.
        if (live.age >= this.#backoff.max) this.#backoff.reset();
        else this.#backoff.failed();
      }
    } catch (error) {
      this.close(error);
    }
  }

  #failed(failed: FailedAttempt): boolean {
    const { error } = failed;
    this.#reason = error;
    return !(error instanceof SetupError) && (this.#options.retry?.(failed) ?? true);
  }

  #lineOn(transport: Transport): Line {
    const { resume } = this.#options;
    return resume === false
      ? plainLine(transport)
      : resumingLine(transport, this.#options, this.#clock, (failed) => this.#failed(failed));
  }

  #startOnLast(): LiveSession | undefined {
    const last = this.#last;
    this.#last = undefined;
    const line = last?.line.successor(last.end?.reason);
    return line && this.#startOn(line);
  }

  #startOn(line: Line): LiveSession {
    const lossError = (execution: Execution, reason: unknown) =>
      this.#state === "closed"
        ? new ConnectionClosedError(execution, this.#reason)
        : new ConnectionLostError(execution, reason);
    const main = this.#createMain();
    try {
      return new LiveSession(line, main, this.#options, this.#clock, lossError);
    } catch (error) {
      // An option of sessions has a mistake. Media fail with other errors.
      throw error instanceof TypeError ? new SetupError("The start of a session", error) : error;
    }
  }

  #createMain(): unknown {
    try {
      return this.#options.createMain?.();
    } catch (error) {
      throw new SetupError("createMain()", error);
    }
  }

  /**
   * Makes calls on a session from now on.
   *
   * @returns a promise that resolves once another session is to take its place
   */
  #publish(live: LiveSession): Promise<void> {
    const before = this.#live;
    const leaveBy = this.#leaveBy;
    this.#live = live;
    this.#leaveBy = Number.POSITIVE_INFINITY;
    const moved = new Promise<void>((move) => live.listen(this.#eventsOf(live, move)));
    this.#health.watch(live);
    this.#followers.follow(live);
    if (before) this.#retirement.add(before, leaveBy);
    // The calls that waited may have ended the session, or closed the connection.
    if (this.#live !== live) return moved;
    this.#epoch = newEpoch();
    this.#become("open", this.#state === "connecting" ? undefined : "restored");
    return moved;
  }

  #eventsOf(live: LiveSession, move: () => void): SessionEvents {
    const ifCurrent =
      <A extends unknown[]>(act: (...args: A) => void) =>
      (...args: A) =>
        live === this.#live ? act(...args) : undefined;
    return {
      interrupted: ifCurrent((reason) => this.#interrupted(reason)),
      resumed: ifCurrent(() => this.#resumed(live)),
      goaway: ifCurrent((deadline) => this.#moveWithin(deadline, move)),
      ended: ifCurrent((reason) => this.#lost(live, reason)),
    };
  }

  #interrupted(reason: unknown): void {
    if (this.#state !== "open") return;
    this.#reason = reason;
    this.#health.stop();
    this.#followers.pause();
    this.#become("interrupted", undefined, reason);
  }

  #resumed(live: LiveSession): void {
    if (this.#state !== "interrupted") return;
    this.#health.watch(live);
    this.#followers.proceed();
    if (live === this.#live) this.#become("open", "resumed");
  }

  #lost(live: LiveSession, reason: unknown): void {
    this.#live = undefined;
    this.#last = live;
    this.#reason = reason;
    this.#leaveBy = Number.POSITIVE_INFINITY;
    this.#cancelMove?.();
    this.#health.stop();
    this.#followers.leave();
    live.followed.makeUnsentAgain();
    if (this.#state === "open") this.#become("interrupted", undefined, reason);
  }

  /** Moves to another session, because the peer is about to stop, at a random time. */
  #moveWithin(deadline: number, move: () => void): void {
    if (this.#leaveBy < Number.POSITIVE_INFINITY) return;
    this.#leaveBy = this.#clock.now() + PATIENCE * deadline;
    const { random = Math.random } = this.#options;
    this.#cancelMove = this.#clock.after(random() * deadline * MOVING, move);
  }

  /** Looks now whether the connection works. */
  check(): void {
    const live = this.#live;
    if (!live) this.#connector.hurry();
    else if (this.#state === "open") this.#health.probe();
    else live.line.interrupt(this.#reason);
  }

  close(reason: unknown): void {
    if (this.#state === "closed") return;
    const live = this.#live;
    const isOutage = this.#state !== "connecting";
    this.#live = undefined;
    this.#reason = reason;
    this.#state = "closed";
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#wake?.stop();
    this.#health.stop();
    this.#cancelMove?.();
    const error = new ConnectionClosedError("never", reason);
    this.#closing.abort(error);
    this.#followers.end(error);
    this.#retirement.end();
    live?.close();
    this.#become("closed", isOutage ? "closed" : undefined, reason);
  }

  #become(state: ConnectionState, outcome: Outcome | undefined, error?: unknown): void {
    this.#state = state;
    this.#cancelOutage?.();
    // The timers of a line that resumes don't keep the process running, but its calls should.
    this.#cancelOutage = state === "interrupted" ? this.#clock.after(OUTAGE, () => {}) : undefined;
    this.#onChange({ state, outcome, epoch: this.#epoch, error });
  }
}
