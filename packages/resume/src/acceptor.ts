import type { Transport } from "@capnweb/core";
import type { AcceptedConnection, AcceptInfo, ResumeAcceptorOptions } from "./accepted.ts";
import type { AcceptedSession } from "./accepted-session.ts";
import { isAuthorized } from "./authorization.ts";
import { systemClock } from "./clock.ts";
import { Connection } from "./connection.ts";
import { type Hello, readControl } from "./control.ts";
import { ResumeError } from "./errors.ts";
import { hashOf } from "./secret.ts";
import { SessionStore } from "./session-store.ts";

/** Default of `firstMessageTimeout`, in milliseconds. */
const DEFAULT_FIRST_MESSAGE_TIMEOUT = 5_000;

/** Default of `maxWaiting`, in bytes. */
const DEFAULT_MAX_WAITING = 16 * 1024 * 1024;

/** Highest generation that is accepted. */
const MOST_GENERATIONS = 2 ** 31;

/**
 * The accepting side of sessions that outlive their connections. Keeps the sessions of a process,
 * within limits, while they have no connection.
 *
 * `I` is the type of the peers' identities.
 *
 * @example
 * ```ts
 * const acceptor = new ResumeAcceptor();
 * server.on("connection", async (socket) => {
 *   try {
 *     const { kind, transport } = await acceptor.accept(new WebSocketPushTransport(socket));
 *     if (kind !== "resumed") startSession(transport, new Api());
 *   } catch (error) {
 *     console.log("The connection was refused, or ended before there was a session.", error);
 *   }
 * });
 * ```
 */
export class ResumeAcceptor<I = unknown> {
  readonly #options: ResumeAcceptorOptions<I>;
  readonly #store: SessionStore<I>;
  readonly #mostWaiting: number;
  /** Settles when all secrets so far have been looked up. */
  #lookedUp: Promise<unknown> = Promise.resolve();

  constructor(options: ResumeAcceptorOptions<I> = {}) {
    this.#options = options;
    this.#store = new SessionStore(options);
    this.#mostWaiting = options.maxWaiting ?? DEFAULT_MAX_WAITING;
  }

  /** Names this acceptor in its answers. */
  get epoch(): string {
    return this.#store.epoch;
  }

  /** The number of sessions without a connection. */
  get detached(): number {
    return this.#store.detachedSessions.count;
  }

  /** Bytes that wait for the peers of sessions without a connection. */
  get detachedBytes(): number {
    return this.#store.detachedSessions.bytes;
  }

  /**
   * Accepts a connection. Its peer may know `resume`, or not.
   *
   * @param transport not started yet; owned by the acceptor from now on
   * @param info facts about the connection, which are kept with the session
   * @returns a promise that resolves once the peer's first message has arrived. Start a session on
   *   its `transport`, unless the connection has resumed an earlier session
   * @throws ResumeError if the connection was refused, or if it ended before there was a session.
   *   The connection is closed then
   * @throws the error of `info.authorize`
   */
  async accept(transport: Transport, info: AcceptInfo<I> = {}): Promise<AcceptedConnection<I>> {
    const connection = new Connection(transport, this.#mostWaiting);
    connection.start();
    try {
      return await this.#greet(connection, info);
    } catch (error) {
      // The peer may read the reason. Errors of the application aren't for it.
      connection.leave(
        error instanceof ResumeError ? error : refusal("The connection was refused."),
      );
      throw error;
    }
  }

  /**
   * Ends the sessions without a connection (`"RESUME_DISPOSED"`), and keeps none from now on. The
   * others go on until their connections break.
   */
  dispose(): void {
    this.#store.dispose();
  }

  /** The same as {@link dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  async #greet(connection: Connection, info: AcceptInfo<I>): Promise<AcceptedConnection<I>> {
    const { attachment } = info;
    if (attachment && !attachment.resumes) throw lostWithMemory();
    const hello = await this.#firstHello(connection);
    if (attachment && hello?.generation !== 0) return this.#startOver(connection, info);
    if (!hello) {
      const transport = this.#store.plain(connection, info);
      return { kind: "plain", transport };
    }
    connection.drop();
    return hello.generation === 0
      ? this.#accept(connection, info, hello)
      : this.#resume(connection, info, hello);
  }

  /** The hello with which a connection begins, if it does. Everything stays in the connection. */
  async #firstHello(connection: Connection): Promise<Hello | undefined> {
    const clock = this.#options.clock ?? systemClock;
    const timeout = this.#options.firstMessageTimeout ?? DEFAULT_FIRST_MESSAGE_TIMEOUT;
    let cancel!: () => void;
    const silence = new Promise<undefined>((resolve) => {
      cancel = clock.after(timeout, () => resolve(undefined));
    });
    const frame = await Promise.race([this.#nextFrame(connection), silence]);
    cancel();
    return helloIn(frame);
  }

  async #nextFrame(connection: Connection): Promise<unknown> {
    try {
      return await connection.peek();
    } catch (cause) {
      const message = "The connection ended before there was a session.";
      throw new ResumeError("RESUME_ENDED", message, { cause });
    }
  }

  /** Accepts a new session. */
  #accept(
    connection: Connection,
    info: AcceptInfo<I>,
    hello: Hello,
  ): Promise<AcceptedConnection<I>> {
    return this.#lookUp(hello, (hash, next) => this.#begin(connection, info, hello, hash, next));
  }

  #begin(
    connection: Connection,
    info: AcceptInfo<I>,
    hello: Hello,
    hash: string,
    next: string | undefined,
  ): AcceptedConnection<I> {
    const isTaken = this.#store.has(hash) || (next !== undefined && this.#store.has(next));
    if (isTaken) throw refused(connection, "The secret is in use.");
    const transport = this.#store.begin(connection, info, hello, hash, next);
    return { kind: "new", transport };
  }

  /**
   * Hashes the secrets of a hello, and acts on them. Hellos are looked up in the order in which
   * they arrived, so that a client finds the session that it has just begun.
   */
  #lookUp<T>(
    { secret, next }: Hello,
    act: (hash: string, next: string | undefined) => T,
  ): Promise<T> {
    const hashes = Promise.all([hashOf(secret), next === undefined ? undefined : hashOf(next)]);
    const done = this.#lookedUp.then(async () => act(...(await hashes)));
    this.#lookedUp = done.catch(() => {});
    return done;
  }

  async #resume(
    connection: Connection,
    info: AcceptInfo<I>,
    hello: Hello,
  ): Promise<AcceptedConnection<I>> {
    connection.dropNext(hello.probe);
    const found = await this.#lookUp(hello, (hash, next) => {
      const session = this.#store.find(hash);
      if (session) return { session, hash, next: next! };
      return this.#store.neverKnew(hash, hello)
        ? this.#begin(connection, info, hello, hash, next)
        : undefined;
    });
    if (!found) return this.#startOver(connection, info);
    if ("kind" in found) return found;
    const { session, hash, next } = found;
    if (!(await this.#isAuthorized(connection, info, session))) {
      throw refused(connection, "This client may not resume the session.");
    }
    // Another connection may have resumed the session meanwhile, or it may have ended.
    const objection = this.#objection(connection, session, hello, hash, next);
    if (objection !== undefined) throw refused(connection, objection);
    this.#store.resume(session, connection, info, hello, hash, next);
    return { kind: "resumed", transport: session };
  }

  async #isAuthorized(
    connection: Connection,
    info: AcceptInfo<I>,
    session: AcceptedSession<I>,
  ): Promise<boolean> {
    const { clock = systemClock, authorizeTimeout } = this.#options;
    try {
      return await isAuthorized(info, session.info, clock, authorizeTimeout);
    } catch (error) {
      if (error instanceof ResumeError) refused(connection, error.message);
      throw error;
    }
  }

  /** The reason for which a session can't go on with a connection. */
  #objection(
    connection: Connection,
    session: AcceptedSession<I>,
    { generation, received }: Hello,
    hash: string,
    next: string,
  ): string | undefined {
    const store = this.#store;
    if (!connection.isAlive) return "The connection is gone.";
    if (store.find(hash) !== session) return "The session is gone.";
    if (generation <= store.generationOf(session)) return "A later connection has been accepted.";
    if (generation > MOST_GENERATIONS) return "Too many connections.";
    if (store.has(next)) return "The next secret is in use.";
    if (connection.level !== session.encodingLevel || connection.isBinary !== session.isBinary) {
      return "The connection isn't of the same kind as the first.";
    }
    const replayable = session.replayableFrom(received);
    if (replayable === "invalid") return "More was received than was sent, or less than before.";
    if (replayable === "yes") return undefined;
    const reason = "More was unacknowledged than the buffer holds.";
    session.close(new ResumeError("RESUME_BUFFER_FULL", reason));
    return reason;
  }

  /** Tells a peer that its session is gone, and waits for a new one on the same connection. */
  async #startOver(connection: Connection, info: AcceptInfo<I>): Promise<AcceptedConnection<I>> {
    connection.tell({ fresh: { epoch: this.epoch } });
    const clock = this.#options.clock ?? systemClock;
    const timeout = this.#options.firstMessageTimeout ?? DEFAULT_FIRST_MESSAGE_TIMEOUT;
    const cancel = clock.after(timeout, () => {
      const message = `The peer started no new session within ${timeout} ms (firstMessageTimeout).`;
      connection.leave(new ResumeError("RESUME_TIMEOUT", message));
    });
    try {
      for (;;) {
        const hello = helloIn(await this.#nextFrame(connection));
        connection.drop();
        // Everything else belongs to the session that is gone.
        if (hello?.generation === 0) return await this.#accept(connection, info, hello);
      }
    } finally {
      cancel();
    }
  }
}

function helloIn(frame: unknown): Hello | undefined {
  const control = readControl(frame);
  return control?.kind === "resume" && "secret" in control.resume ? control.resume : undefined;
}

/** Tells the peer that it is refused, and why. Makes the error for this side. */
function refused(connection: Connection, reason: string): ResumeError {
  connection.tell({ refused: { reason } });
  return refusal(reason);
}

function refusal(reason: string): ResumeError {
  return new ResumeError("RESUME_REFUSED", reason);
}

function lostWithMemory(): ResumeError {
  const message =
    "The session was lost with the process's memory, and its peer can't be told, " +
    "because it doesn't know resume.";
  return new ResumeError("RESUME_FRESH", message);
}
