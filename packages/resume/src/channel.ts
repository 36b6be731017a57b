import type { EncodingLevel, TransportReceiver } from "@capnweb/core";
import { Acknowledger } from "./acknowledger.ts";
import { systemClock } from "./clock.ts";
import type { Connection, ConnectionHandler } from "./connection.ts";
import { type Control, type ControlContent, readControl } from "./control.ts";
import { ResumeError } from "./errors.ts";
import { frameSize } from "./frame-size.ts";
import type { KeptCount } from "./kept-bytes.ts";
import type { BufferOptions, Goaway } from "./options.ts";
import { DEFAULT_BUFFER, Outflow } from "./outflow.ts";

/** The side of a session that a channel belongs to. */
export interface ChannelOwner {
  /** Called when the current connection is gone, after everything that it brought. */
  lost(reason: unknown): void;
  /** Called with control messages other than acknowledgements. */
  control(control: Control): void;
  /** Called after each acknowledgement by the peer. */
  heardAck(): void;
  /** Called when the session has to end, because of a fault on this side or the peer's. */
  failed(error: ResumeError): void;
  /** Called when the session sent something without a connection. */
  grew(): void;
}

/**
 * Control messages in a row that tell nothing new. Peers acknowledge only what has arrived since,
 * and such messages aren't among those that a session's limits count.
 */
const MOST_IDLE = 64;

/** Values of a received tree that are counted: see {@link frameSize}. */
const MOST_NODES = 4_096;

/**
 * The frames of a session, in both directions, over one connection after another. Everything that
 * the sessions at both ends hand over is counted here, and nothing else.
 */
export class Channel implements ConnectionHandler {
  readonly level: EncodingLevel;
  readonly out: Outflow;
  readonly #owner: ChannelOwner;
  readonly #in: Acknowledger;
  #receiver: TransportReceiver | undefined;
  #connection: Connection | undefined;
  #isPaused = false;
  /** True if the peer doesn't know `resume`: nothing is counted, and control messages stop. */
  #isPlain = false;
  #isOver = false;
  #goaway: Goaway | undefined;
  /** Control messages on this connection since the last acknowledgement of something new. */
  #idle = 0;

  /**
   * @param maxBuffered the default of the option
   * @param kept counts the bytes that all sessions keep
   */
  constructor(
    level: EncodingLevel,
    owner: ChannelOwner,
    options: BufferOptions,
    maxBuffered: number,
    kept?: KeptCount,
  ) {
    const { buffer = DEFAULT_BUFFER } = options;
    this.level = level;
    this.#owner = owner;
    const limits = { buffer, maxBuffered: options.maxBuffered ?? maxBuffered };
    const unsendable = (cause: unknown) => {
      const message = "Several connections failed to take the same message.";
      owner.failed(new ResumeError("RESUME_PROTOCOL", message, { cause }));
    };
    this.out = new Outflow(limits, unsendable, kept);
    this.#in = new Acknowledger(options.clock ?? systemClock, (received) =>
      this.tell({ ack: received }),
    );
  }

  /** The number of frames that the session has received. */
  get receivedFrames(): number {
    return this.#in.received;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** Notes that the peer knows `resume`, and the number of bytes that it keeps for this side. */
  becomeResumable(peerKeeps: number | undefined): void {
    this.#in.peerKeeps(peerKeeps);
    this.out.becomeAcknowledged();
  }

  /** Goes on without counting, because the peer doesn't know `resume`. */
  becomePlain(): void {
    this.#isPlain = true;
    this.#in.stop();
    this.out.becomePlain();
  }

  /** Hands everything that arrives to a session from now on. */
  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    this.listen();
  }

  /**
   * Sends over a connection from now on, beginning with the frames that the peer lacks.
   *
   * @param received the number of frames that the peer has received
   */
  attach(connection: Connection, received: number): void {
    this.#connection = connection;
    this.#idle = 0;
    this.#in.stop();
    this.out.attach(connection, received);
    if (this.#goaway) connection.tell({ goaway: this.#goaway });
    if (this.#isPaused) connection.pause();
  }

  /** Receives over the current connection, as soon as there's a session. */
  listen(): void {
    if (this.#receiver) this.#connection?.handTo(this);
  }

  /** Gives up the current connection without closing it. */
  release(): Connection | undefined {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#in.stop();
    this.out.detach();
    connection?.hold();
    return connection;
  }

  /** Acknowledges everything so far. */
  acknowledge(): void {
    this.#in.now();
  }

  /** Sends a control message over the current connection, if the peer may understand it. */
  tell(content: ControlContent): void {
    if (!this.#isPlain) this.#connection?.tell(content);
  }

  /** Asks the peer to leave, now and on each later connection. */
  goaway(goaway: Goaway): void {
    this.#goaway = goaway;
    this.#connection?.tell({ goaway });
  }

  /** The end of the session. */
  stop(): void {
    this.#isOver = true;
    this.#in.stop();
    this.out.stop();
  }

  // From the session.

  send(frame: unknown): number | void {
    if (this.#isOver) return;
    const size = this.out.send(frame);
    if (this.#isPlain) return size;
    if (this.out.isOverfull) this.#overflow();
    if (!this.#connection) this.#owner.grew();
    return size;
  }

  #overflow(): void {
    if (this.#connection) {
      this.out.makeRoom();
      return;
    }
    const error = new ResumeError(
      "RESUME_BUFFER_FULL",
      `${this.out.bytes} bytes wait for a peer without a connection. ` +
        'Send less meanwhile, or raise "maxBuffered".',
    );
    this.#owner.failed(error);
    throw error;
  }

  flush(): void {
    this.#connection?.flush();
  }

  pause(): void {
    this.#isPaused = true;
    this.#connection?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#connection?.resume();
  }

  // From the connection.

  take(frame: unknown): void {
    if (this.#isOver) return;
    if (this.#isPlain) {
      this.#takePlain(frame);
      return;
    }
    try {
      const control = readControl(frame);
      if (control) {
        this.#takeControl(control);
        return;
      }
    } catch (error) {
      this.#owner.failed(error as ResumeError);
      return;
    }
    this.#in.count(frameSize(frame, MOST_NODES));
    this.#receiver!.receive(frame);
  }

  /** @throws ResumeError if the peer acknowledges too much, or floods this side */
  #takeControl(control: Control): void {
    const isAck = control.kind === "ack";
    if (isAck && this.out.acknowledge(control.received)) this.#idle = 0;
    else if (++this.#idle > MOST_IDLE) throw flooded();
    if (isAck) this.#owner.heardAck();
    else this.#owner.control(control);
  }

  /** A session without `resume` sees every frame. */
  #takePlain(frame: unknown): void {
    const control = plainControl(frame);
    if (control) this.#owner.control(control);
    this.#receiver!.receive(frame);
  }

  probe(): void {
    if (!this.#isOver) this.#receiver?.probe?.();
  }

  lost(reason: unknown): void {
    if (!this.#isOver) this.#owner.lost(reason);
  }

  ended(reason: unknown): void {
    if (this.#isPlain) this.#receiver!.end(reason);
    else this.lost(reason);
  }
}

function flooded(): ResumeError {
  const message = `The peer sent more than ${MOST_IDLE} control messages that tell nothing new.`;
  return new ResumeError("RESUME_PROTOCOL", message);
}

/** The one control message that peers without `resume` send. */
function plainControl(frame: unknown): Control | undefined {
  try {
    const control = readControl(frame);
    return control?.kind === "goaway" ? control : undefined;
  } catch {
    return undefined;
  }
}
