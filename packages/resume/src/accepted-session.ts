import type { EncodingLevel, TransportReceiver } from "@capnweb/core";
import type { AcceptedTransport, AcceptInfo, ResumeAttachment } from "./accepted.ts";
import { Channel, type ChannelOwner } from "./channel.ts";
import type { Connection } from "./connection.ts";
import { type Accepted, type Control, reasonOf } from "./control.ts";
import { endedByPeer, meaningless, ResumeError } from "./errors.ts";
import type { KeptBytes, KeptCount } from "./kept-bytes.ts";
import type { BufferOptions, Goaway } from "./options.ts";
import { DEFAULT_BUFFER } from "./outflow.ts";

/** The place that keeps sessions while they have no connection. */
export interface SessionKeeper<I> {
  /** The facts that each answer to a hello has. */
  readonly accepted: Accepted;
  /** True if sessions without a connection are kept. */
  readonly keeps: boolean;
  /** Counts the bytes that all sessions keep for their peers. */
  readonly kept: KeptBytes;
  /** Called when a session has lost its connection. */
  detached(session: AcceptedSession<I>): void;
  /** Called when a session without a connection sent something. */
  grew(session: AcceptedSession<I>): void;
  /** Called when the peer has proved that it has the session's next secret. */
  confirmed(session: AcceptedSession<I>): void;
  /** Called when the session is over, and its peer needn't come back. */
  ended(session: AcceptedSession<I>): void;
  goaway(session: AcceptedSession<I>, goaway: Goaway): void;
}

/** The transport of an accepted session, with or without resuming. */
export class AcceptedSession<I> implements AcceptedTransport<I>, ChannelOwner {
  readonly isBinary: boolean;
  readonly announces: boolean | "reply" | undefined;
  readonly peerAnnounced: boolean | undefined;
  readonly received: object | undefined;
  readonly #keeper: SessionKeeper<I>;
  readonly #channel: Channel;
  #info: AcceptInfo<I>;
  #receiver: TransportReceiver | undefined;
  #state: AcceptedTransport["state"] = "open";
  #resumptions = 0;
  /** The reason for which the session ended, while its last messages wait for the peer. */
  #ending: { readonly reason: unknown } | undefined;
  /** The reason for the end, for a session that starts after it. */
  #failure: { readonly reason: unknown } | undefined;
  /** True until the peer has proved that it has the answer to its last hello. */
  #isUnconfirmed = false;

  /**
   * @param connection already started
   * @param isPlain true for a peer that doesn't know `resume`
   */
  constructor(
    connection: Connection,
    info: AcceptInfo<I>,
    keeper: SessionKeeper<I>,
    options: BufferOptions,
    isPlain: boolean,
  ) {
    const { transport } = connection;
    this.isBinary = connection.isBinary;
    this.announces = transport.announces;
    this.peerAnnounced = transport.peerAnnounced;
    this.received = transport.received;
    this.#info = info;
    this.#keeper = keeper;
    const { buffer = DEFAULT_BUFFER } = options;
    const kept: KeptCount = {
      changed: (frames, delta) => keeper.kept.changed(frames, delta, this.group),
    };
    this.#channel = new Channel(connection.level, this, options, 2 * buffer, kept);
    if (isPlain) this.#channel.becomePlain();
  }

  get encodingLevel(): EncodingLevel {
    return this.#channel.level;
  }

  get kind(): AcceptedTransport["kind"] {
    return this.#channel.isPlain ? "plain" : "resumable";
  }

  get state(): AcceptedTransport["state"] {
    return this.#state;
  }

  get info(): AcceptInfo<I> {
    return this.#info;
  }

  get resumptions(): number {
    return this.#resumptions;
  }

  get sent(): number {
    return this.#channel.out.sent;
  }

  get written(): number {
    return this.#channel.out.written;
  }

  get acknowledged(): number {
    return this.#channel.out.acknowledged;
  }

  get replayed(): number {
    return this.#channel.out.replayed;
  }

  get group(): string | undefined {
    return this.#info.group;
  }

  get buffered(): number {
    return this.#channel.out.bytes;
  }

  get attachment(): ResumeAttachment {
    return { resumes: this.kind === "resumable" };
  }

  goaway(goaway: Goaway): void {
    this.#channel.goaway(goaway);
  }

  // From the session.

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    if (this.#failure) receiver.close(this.#failure.reason);
    else this.#channel.start(receiver);
  }

  send(frame: unknown): number | void {
    return this.#channel.send(frame);
  }

  flush(): void {
    this.#channel.flush();
  }

  whenWritable(): Promise<void> | undefined {
    return this.#channel.out.whenWritable();
  }

  pause(): void {
    this.#channel.pause();
  }

  resume(): void {
    this.#channel.resume();
  }

  abort(reason: unknown): void {
    if (this.#state === "closed") return;
    const wasDetached = this.#state === "detached";
    this.#state = "closed";
    // The peer learns of the end, after the messages that it lacks, when it comes back.
    if (wasDetached) this.#ending = { reason };
    else this.#finish(reason);
  }

  // From the acceptor.

  /** Begins with a connection, to a peer that keeps that many bytes for this side. */
  begin(connection: Connection, peerKeeps: number | undefined): void {
    if (this.kind === "resumable") {
      this.#channel.becomeResumable(peerKeeps);
      connection.tell({ resume: this.#keeper.accepted });
    }
    this.#channel.attach(connection, 0);
    this.#channel.listen();
  }

  /** Says if the session can go on with a peer that has received that many frames. */
  replayableFrom(received: number): ReturnType<Channel["out"]["replayableFrom"]> {
    return this.#channel.out.replayableFrom(received);
  }

  /** Goes on with another connection. */
  takeOver(
    connection: Connection,
    received: number,
    peerKeeps: number | undefined,
    info: AcceptInfo<I>,
  ): void {
    const message = "Another connection has taken over the session.";
    this.#channel.release()?.leave(new ResumeError("RESUME_REFUSED", message));
    this.#info = info;
    this.#resumptions++;
    this.#isUnconfirmed = true;
    if (this.#state === "detached") this.#state = "open";
    const channel = this.#channel;
    channel.becomeResumable(peerKeeps);
    connection.tell({ resumed: { received: channel.receivedFrames, ...this.#keeper.accepted } });
    channel.attach(connection, received);
    if (this.#ending) this.#finish(this.#ending.reason);
    else channel.listen();
  }

  /** Ends the session from this side. The peer is told, if it has a connection. */
  close(error: ResumeError): void {
    if (this.#state === "closed" && !this.#ending) return;
    this.#state = "closed";
    this.#finish(error);
    this.#fail(error);
  }

  // From the channel.

  lost(reason: unknown): void {
    this.#channel.release()?.leave(reason);
    if (this.#state === "closed") return;
    if (this.kind === "resumable" && this.#keeper.keeps) {
      this.#state = "detached";
      this.#keeper.detached(this);
      return;
    }
    this.#state = "closed";
    this.#channel.stop();
    this.#keeper.ended(this);
    this.#fail(reason);
  }

  control(control: Control): void {
    if (control.kind === "goaway") {
      this.#keeper.goaway(this, { deadline: control.deadline });
    } else if (control.kind === "closed") {
      this.close(endedByPeer(control.reason));
    } else {
      this.failed(meaningless(control.kind));
    }
  }

  heardAck(): void {
    if (!this.#isUnconfirmed) return;
    this.#isUnconfirmed = false;
    this.#keeper.confirmed(this);
  }

  failed(error: ResumeError): void {
    this.close(error);
  }

  grew(): void {
    if (this.#state !== "open") this.#keeper.grew(this);
  }

  /** Leaves the connection, and everything that waits. */
  #finish(reason: unknown): void {
    const channel = this.#channel;
    channel.tell({ closed: { reason: reasonOf(reason) } });
    this.#ending = undefined;
    channel.stop();
    channel.release()?.leave(reason);
    this.#keeper.ended(this);
  }

  #fail(reason: unknown): void {
    this.#failure = { reason };
    this.#receiver?.close(reason);
  }
}
