import type { AcceptInfo, ResumeAcceptorOptions } from "./accepted.ts";
import { AcceptedSession, type SessionKeeper } from "./accepted-session.ts";
import { systemClock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { Accepted, Hello } from "./control.ts";
import { DetachedSessions } from "./detached-sessions.ts";
import { expired, ResumeError } from "./errors.ts";
import { Forgotten } from "./forgotten.ts";
import { KeptBytes } from "./kept-bytes.ts";
import { callListener } from "./listeners.ts";
import type { Goaway } from "./options.ts";
import { DEFAULT_BUFFER } from "./outflow.ts";
import { SessionTable } from "./session-table.ts";

const DEFAULT_WINDOW = 120_000;
const DEFAULT_MAX_DETACHED = 10_000;
const DEFAULT_MAX_DETACHED_PER_GROUP = 1_000;
const DEFAULT_MAX_DETACHED_BYTES = 64 * 1024 * 1024;
const DEFAULT_MAX_KEPT_BYTES = 256 * 1024 * 1024;

/** The sessions of an acceptor: all of them by their secrets, and those without a connection. */
export class SessionStore<I> implements SessionKeeper<I> {
  readonly epoch: string;
  readonly accepted: Accepted;
  readonly kept: KeptBytes;
  readonly detachedSessions: DetachedSessions<AcceptedSession<I>>;
  readonly #options: ResumeAcceptorOptions<I>;
  readonly #table = new SessionTable<AcceptedSession<I>>();
  readonly #forgotten: Forgotten | undefined;
  readonly #window: number;
  #isDisposed = false;

  constructor(options: ResumeAcceptorOptions<I>) {
    const clock = options.clock ?? systemClock;
    const { buffer = DEFAULT_BUFFER, window = DEFAULT_WINDOW } = options;
    this.#options = options;
    this.#window = window;
    this.epoch = options.epoch ?? crypto.randomUUID();
    this.accepted = { epoch: this.epoch, window, buffer };
    this.kept = new KeptBytes(options.maxKeptBytes ?? DEFAULT_MAX_KEPT_BYTES);
    const limits = {
      window,
      maxDetached: options.maxDetached ?? DEFAULT_MAX_DETACHED,
      maxDetachedPerGroup: options.maxDetachedPerGroup ?? DEFAULT_MAX_DETACHED_PER_GROUP,
      maxDetachedBytes: options.maxDetachedBytes ?? DEFAULT_MAX_DETACHED_BYTES,
    };
    this.detachedSessions = new DetachedSessions(limits, clock, (session, reason) =>
      this.#giveUp(session, reason),
    );
    if (options.isSole) this.#forgotten = new Forgotten(clock);
  }

  // From the acceptor.

  /** Makes the transport of a peer that doesn't know `resume`. */
  plain(connection: Connection, info: AcceptInfo<I>): AcceptedSession<I> {
    const session = new AcceptedSession(connection, info, this, this.#options, true);
    session.begin(connection, undefined);
    return session;
  }

  /** Begins a session. */
  begin(
    connection: Connection,
    info: AcceptInfo<I>,
    { generation, buffer }: Hello,
    hash: string,
    next: string | undefined,
  ): AcceptedSession<I> {
    const session = new AcceptedSession(connection, info, this, this.#options, false);
    this.#table.add(session, hash, generation, next);
    session.begin(connection, buffer);
    return session;
  }

  /** Goes on with a session over another connection. Everything has been checked. */
  resume(
    session: AcceptedSession<I>,
    connection: Connection,
    info: AcceptInfo<I>,
    { generation, received, buffer }: Hello,
    hash: string,
    next: string,
  ): void {
    this.#table.use(session, hash, generation, next);
    this.detachedSessions.remove(session);
    session.takeOver(connection, received, buffer, info);
    this.#call(() => this.#options.onResume?.(session));
  }

  find(hash: string): AcceptedSession<I> | undefined {
    return this.#table.find(hash);
  }

  has(hash: string): boolean {
    return this.#table.has(hash);
  }

  generationOf(session: AcceptedSession<I>): number {
    return this.#table.generationOf(session);
  }

  /** True if a peer that never got an answer can't have had a session here. */
  neverKnew(hash: string, { age }: Hello): boolean {
    return age !== undefined && this.#forgotten?.neverKnew(hash, age) === true;
  }

  dispose(): void {
    this.#isDisposed = true;
    const error = new ResumeError(
      "RESUME_DISPOSED",
      "The acceptor of the session was disposed of.",
    );
    for (const session of [...this.detachedSessions]) {
      this.detachedSessions.remove(session);
      session.close(error);
    }
  }

  // From the sessions.

  get keeps(): boolean {
    return !this.#isDisposed;
  }

  detached(session: AcceptedSession<I>): void {
    this.detachedSessions.add(session);
    if (session.state === "detached") this.#call(() => this.#options.onDetach?.(session));
  }

  grew(session: AcceptedSession<I>): void {
    this.detachedSessions.resized(session);
  }

  confirmed(session: AcceptedSession<I>): void {
    this.#table.confirm(session);
  }

  ended(session: AcceptedSession<I>): void {
    this.detachedSessions.remove(session);
    for (const hash of this.#table.remove(session)) this.#forgotten?.add(hash);
  }

  goaway(session: AcceptedSession<I>, goaway: Goaway): void {
    this.#call(() => this.#options.onGoaway?.(session, goaway));
  }

  #giveUp(session: AcceptedSession<I>, reason: "expired" | "evicted"): void {
    const message =
      "The session was given up while its peer was away, because too many such sessions waited.";
    const error =
      reason === "expired"
        ? expired(this.#window, undefined)
        : new ResumeError("RESUME_EVICTED", message);
    session.close(error);
    this.#call(() => this.#options.onExpire?.(session, reason));
  }

  #call(listener: () => unknown): void {
    callListener(listener, this.#options.onError);
  }
}
