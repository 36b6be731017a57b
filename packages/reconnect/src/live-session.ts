import {
  type BaseSession,
  type RpcSessionOptions,
  type TransportReceiver,
  wrapTransport,
} from "@capnweb/core";
import { FollowedSession, type LossError } from "@capnweb/core/following";
import type { Clock } from "./clock.ts";
import { UnansweredError } from "./errors.ts";
import { goawayIn } from "./goaway.ts";
import type { Line, LineEvents } from "./line.ts";

/** The events of a session. */
export interface SessionEvents extends LineEvents {
  /** Called when the session ends, before anything else learns of it. */
  ended(reason: unknown): void;
}

/** One session of a connection, from its start to its end. */
export class LiveSession {
  readonly followed: FollowedSession;
  readonly line: Line;
  /** Resolves when the session has ended. */
  readonly ended: Promise<void>;
  readonly #since: number;
  readonly #clock: Clock;
  #events: SessionEvents | undefined;
  /** The peer's request to be left, until something listens. */
  #goaway: number | undefined;
  #receiver: TransportReceiver | undefined;
  /** The number of frames that have arrived. */
  #heard = 0;
  #end: { readonly reason: unknown } | undefined;
  #resolveEnded = () => {};

  /**
   * Starts a session.
   *
   * @param line owned by the session
   * @param main the peer's main object; the session owns it
   * @param lossError makes the errors of calls that are lost with the session
   * @throws the error of a transport that can't be started
   */
  constructor(
    line: Line,
    main: unknown,
    options: RpcSessionOptions,
    clock: Clock,
    lossError: LossError,
  ) {
    this.line = line;
    this.#clock = clock;
    this.#since = clock.now();
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    const { transport } = line;
    line.listen({
      interrupted: (reason) => this.#events?.interrupted(reason),
      resumed: () => {
        this.followed.noteWritten();
        this.#events?.resumed();
      },
      goaway: (deadline) => this.#leave(deadline),
    });
    const heard = wrapTransport(transport, { start: (receiver) => this.#listen(receiver) });
    const onSession = (session: BaseSession<any>) => {
      // The first listener of all, so that calls which others make meanwhile wait.
      session.onClose((error) => this.#ended((error as Error).cause));
      options.onSession?.(session);
    };
    const all = { ...options, onSession };
    this.followed = new FollowedSession(heard, main, all, lossError, line.counts);
  }

  #listen(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    this.line.transport.start({
      receive: (frame) => {
        this.#heard++;
        const deadline = goawayIn(frame);
        receiver.receive(frame);
        if (deadline !== undefined) this.#leave(deadline);
      },
      end: (reason) => receiver.end(reason),
      close: (reason) => receiver.close(reason),
      probe: () => receiver.probe?.(),
    });
  }

  /** Receives the session's events from now on, and a request to leave that came before. */
  listen(events: SessionEvents): void {
    this.#events = events;
    if (this.#goaway !== undefined) events.goaway(this.#goaway);
  }

  #leave(deadline: number): void {
    if (this.#events) this.#events.goaway(deadline);
    else this.#goaway = deadline;
  }

  #ended(reason: unknown): void {
    this.#end = { reason };
    this.#resolveEnded();
    this.#events?.ended(reason);
  }

  get session(): BaseSession<any> {
    return this.followed.session;
  }

  /** The reason of the end, once the session has ended. */
  get end(): { readonly reason: unknown } | undefined {
    return this.#end;
  }

  /** The milliseconds since the session started. */
  get age(): number {
    return this.#clock.now() - this.#since;
  }

  /**
   * Makes the peer answer.
   *
   * @param timeout milliseconds of silence after which the peer counts as gone
   * @throws UnansweredError if nothing arrives in time
   * @throws the reason, if the session ends first
   */
  async probe(timeout: number): Promise<void> {
    const asked = this.#clock.wall();
    let cancel = () => {};
    let giveUp = () => {};
    const isSilent = await new Promise<boolean>((resolve) => {
      const wait = () => {
        const heard = this.#heard;
        const silent = () => (heard === this.#heard ? resolve(true) : wait());
        cancel = this.#clock.after(timeout, silent);
      };
      wait();
      giveUp = this.followed.probe(() => resolve(false));
    });
    cancel();
    giveUp();
    if (this.#end) throw this.#end.reason;
    if (!isSilent) return;
    // This process was stopped itself, so the answer may still wait to be read.
    if (this.#clock.wall() - asked > 2 * timeout) await this.probe(timeout);
    else throw new UnansweredError(timeout);
  }

  /** Replaces the connection, which is dead because of `reason`. Else ends the session. */
  suspect(reason: unknown): void {
    if (!this.#end && !this.line.interrupt(reason)) this.lose(reason);
  }

  /** Ends the session as if its medium were gone, because `reason` says that it is. */
  lose(reason: unknown): void {
    if (this.#end) return;
    this.#receiver?.close(reason);
    this.line.drop(reason);
  }

  /** Ends the session, and tells the peer. */
  close(): void {
    this.session.getRemoteMain()[Symbol.dispose]();
  }
}
