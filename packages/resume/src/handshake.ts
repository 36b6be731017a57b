import type { Channel } from "./channel.ts";
import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { Accepted, Control } from "./control.ts";
import { Credentials } from "./credentials.ts";
import { notReplayable, type ResumeError, unanswered } from "./errors.ts";
import { beginning, continuation, type GreetingClient } from "./greeting.ts";
import type { PeerKind } from "./options.ts";
import { Timer } from "./timer.ts";

/** The connecting side of a session, as its handshakes act on it. */
export interface HandshakeOwner {
  /** True unless another connection has taken the place of this one. */
  isCurrent(connection: Connection): boolean;
  /** Called with the facts of a peer that knows `resume`. */
  accepted(facts: Accepted): void;
  /** Called when the session has the connection: for the first time, or again. */
  opened(isResumed: boolean): void;
  /** Called when the session can't go on, because the peer doesn't know `resume`. */
  unsupported(): void;
  /** Called with control messages that aren't part of a handshake. */
  control(control: Control): void;
  connectionLost(connection: Connection, reason: unknown): void;
  failed(error: ResumeError): void;
}

/**
 * The first messages on each connection of the connecting side: the hello, and the peer's answer.
 * Hands the connection to the channel then.
 */
export class Handshake implements GreetingClient {
  readonly #channel: Channel;
  readonly #owner: HandshakeOwner;
  readonly #credentials: Credentials;
  readonly #timeout: number;
  readonly #answer: Timer;
  readonly #isInherited: boolean;
  #peer: PeerKind = "unknown";

  /**
   * @param timeout milliseconds that the peer's answer may take
   * @param isInherited true if an earlier session used the first connection, and answers to it may
   *   still arrive
   */
  constructor(
    channel: Channel,
    owner: HandshakeOwner,
    clock: Clock,
    timeout: number,
    isInherited: boolean,
  ) {
    this.#channel = channel;
    this.#owner = owner;
    this.#credentials = new Credentials(clock);
    this.#timeout = timeout;
    this.#answer = new Timer(clock);
    this.#isInherited = isInherited;
  }

  get peer(): PeerKind {
    return this.#peer;
  }

  /** True if no peer can know the session yet. */
  get isUnknown(): boolean {
    return this.#credentials.isFirst && this.#channel.out.sent === 0;
  }

  /** Sends the first message of a connection, which is the current one. */
  greet(connection: Connection): void {
    const { isFirst } = this.#credentials;
    const { receivedFrames, out } = this.#channel;
    const isAnswered = this.#peer === "resumable";
    const hello = this.#credentials.hello(receivedFrames, out.buffer, isAnswered);
    connection.tell({ resume: hello });
    if (isFirst) this.#begin(connection);
    else this.#ask(connection, hello.probe !== undefined);
  }

  /** Stops waiting for an answer. */
  stop(): void {
    this.#answer.cancel();
  }

  /** Begins the session: nothing has to be waited for. */
  #begin(connection: Connection): void {
    this.#channel.attach(connection, 0);
    this.#owner.opened(false);
    if (!this.isCurrent(connection)) return;
    connection.handTo(beginning(connection, this, this.#isInherited));
  }

  /** Waits for the peer to say which frames it lacks. */
  #ask(connection: Connection, probes: boolean): void {
    if (probes) connection.probeResume();
    this.#answer.set(this.#timeout, () =>
      this.connectionLost(connection, unanswered(this.#timeout)),
    );
    connection.handTo(continuation(connection, this, this.#peer === "resumable"));
  }

  // From the greeting.

  isCurrent(connection: Connection): boolean {
    return this.#owner.isCurrent(connection);
  }

  accepted(facts: Accepted): void {
    this.#peer = "resumable";
    this.#owner.accepted(facts);
    this.#channel.becomeResumable(facts.buffer);
  }

  begun(connection: Connection): void {
    connection.handTo(this.#channel);
  }

  plain(connection: Connection, frame: unknown): void {
    this.#peer = "plain";
    this.#channel.becomePlain();
    connection.handTo(this.#channel);
    this.#channel.take(frame);
  }

  unsupported(): void {
    this.#owner.unsupported();
  }

  resumed(connection: Connection, received: number): void {
    const replayable = this.#channel.out.replayableFrom(received);
    if (replayable !== "yes") {
      this.#owner.failed(notReplayable(replayable, received));
      return;
    }
    this.#credentials.accepted();
    this.#channel.attach(connection, received);
    // Also tells the peer that its answer, and so the new secret, has arrived.
    this.#channel.acknowledge();
    this.#owner.opened(true);
    if (this.isCurrent(connection)) connection.handTo(this.#channel);
  }

  control(control: Control): void {
    this.#owner.control(control);
  }

  connectionLost(connection: Connection, reason: unknown): void {
    this.#owner.connectionLost(connection, reason);
  }

  failed(error: ResumeError): void {
    this.#owner.failed(error);
  }
}
