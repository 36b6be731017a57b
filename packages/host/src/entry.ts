import type { RpcSession, RpcSessionOptions } from "@capnweb/core";
import {
  announceGoAway,
  type CloseCause,
  type CloseMedium,
  endSession,
  GoingAwayError,
  type SessionRequest,
  sessionLoad,
} from "@capnweb/core/server";
import type { HostedSession, HostedState, SessionStatistics } from "./hosted-session.ts";

/** The events of an entry, for its host. */
export interface EntryListener {
  opened(entry: Entry): void;
  ended(entry: Entry, reason: unknown): void;
}

/** The transport of a session that outlives its connections. */
export interface KeptTransport {
  readonly kind: "plain" | "resumable";
  readonly state: "open" | "detached" | "closed";
  goaway(goaway: { readonly deadline: number }): void;
}

const NO_LOAD = Object.freeze({ imports: 0, exports: 0, calls: 0, heldBytes: 0 });

/** A session in its host's list, from its admission to its end. */
export class Entry implements HostedSession {
  readonly id: number;
  readonly context: unknown;
  readonly identity: string | undefined;
  readonly openedAt = new Date();
  #request: SessionRequest;
  readonly #listener: EntryListener;
  readonly #received = { frames: 0, bytes: 0 };
  readonly #sent = { frames: 0, bytes: 0 };
  #session: RpcSession<any> | undefined;
  #closeMedium: CloseMedium | undefined;
  #closeReason: string | undefined;
  /** The transport, if the session outlives its connections. */
  #kept: KeptTransport | undefined;
  /** True if the end of the connection isn't the end of the session. */
  isKept = false;
  #isTold = false;
  #isOver = false;

  /** @param accepted the facts that `authorize` gave */
  constructor(
    id: number,
    request: SessionRequest,
    accepted: { readonly context: unknown; readonly identity: string | undefined },
    listener: EntryListener,
  ) {
    this.id = id;
    this.context = accepted.context;
    this.identity = accepted.identity;
    this.#request = request;
    this.#listener = listener;
  }

  get medium(): string {
    return this.#request.medium;
  }

  get address(): string | undefined {
    return this.#request.address;
  }

  get state(): HostedState {
    if (this.#isOver) return "closed";
    if (!this.#session) return "opening";
    if (this.#kept?.state === "detached") return "detached";
    return this.#isTold ? "draining" : "open";
  }

  /** True once the session has started. */
  get hasOpened(): boolean {
    return this.#session !== undefined;
  }

  get client(): any {
    return this.#session?.getRemoteMain();
  }

  get statistics(): SessionStatistics {
    const load = this.#session ? sessionLoad(this.#session) : NO_LOAD;
    return { ...load, received: { ...this.#received }, sent: { ...this.#sent } };
  }

  /** The number of the client's calls that are under way. */
  get calls(): number {
    return this.#session ? sessionLoad(this.#session).calls : 0;
  }

  /** Adds this entry to the options of its session. */
  optionsOf(options: RpcSessionOptions, countsTraffic: boolean): RpcSessionOptions {
    const { onSession, onMessage } = options;
    // Sessions in general don't have the option `medium`, so passing it on needs a name.
    const own: RpcSessionOptions & { readonly medium: string } = {
      ...options,
      medium: this.medium,
      onSession: (session) => {
        this.#started(session as RpcSession<any>);
        onSession?.(session);
      },
      ...(countsTraffic && {
        onMessage: (direction, message, size, session) => {
          const traffic = direction === "in" ? this.#received : this.#sent;
          traffic.frames++;
          traffic.bytes += size;
          onMessage?.(direction, message, size, session);
        },
      }),
    };
    return own;
  }

  /** The reason for closing the medium, once it is closed, or is to be closed when it is there. */
  get closeReason(): string | undefined {
    return this.#closeReason;
  }

  /** Notes how to close the session's medium. Closes one that comes too late. */
  closeBy(close: CloseMedium): void {
    this.#closeMedium = close;
    if (this.#closeReason !== undefined) close("goingAway", this.#closeReason);
  }

  /** Notes the transport of a session that outlives its connections, if the peer knows how. */
  runOn(transport: KeptTransport): void {
    this.isKept = transport.kind === "resumable";
    if (this.isKept) this.#kept = transport;
  }

  /** Goes on with the connection that another entry was made for, and ends that entry. */
  takeOver(other: Entry): void {
    this.#request = other.#request;
    other.isKept = true;
    other.end(undefined);
  }

  #started(session: RpcSession<any>): void {
    this.#session = session;
    this.#listener.opened(this);
    session.onClose((reason) => this.end(reason));
  }

  /** Notes that the session is over, or that there will be none. Idempotent. */
  end(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.ended(this, reason);
  }

  /**
   * Asks the client to leave. Does nothing for a client that has been asked, and for one that
   * doesn't know the message.
   *
   * @param deadline milliseconds until the session is closed
   */
  askToLeave(deadline: number): void {
    if (this.#isTold || this.medium === "http" || !this.#session) return;
    this.#isTold = this.#kept
      ? this.#askKept(this.#kept, deadline)
      : announceGoAway(this.#session, deadline);
  }

  #askKept(transport: KeptTransport, deadline: number): true {
    transport.goaway({ deadline: Math.round(deadline) });
    return true;
  }

  /** Resolves once the session has answered all of its client's calls, or is over. */
  async whenIdle(): Promise<void> {
    await this.#session?.drain().catch(() => {});
  }

  close(reason = "The server closed the session."): void {
    this.closeFor("goingAway", reason);
  }

  /** Closes the medium. One that isn't there yet is closed once it is. */
  closeFor(cause: CloseCause, reason: string): void {
    if (this.#isOver) return;
    this.#closeReason = reason;
    // There may be no session yet, because the client is slow with its request, or says nothing.
    this.#closeMedium?.(cause, reason);
  }

  /** Ends the session itself, for a medium that has no way to tell its peer a reason. */
  endSession(reason: string): void {
    if (this.#session) endSession(this.#session, new GoingAwayError(reason));
  }
}
