import { afterAwaits } from "../after-awaits.ts";
import type { Transport } from "../transport.ts";
import { afterInput, hasAfterInput } from "../turns/turns.ts";
import { failureOf } from "./ending.ts";
import type { Framing } from "./framing.ts";
import type { Lifetime } from "./lifetime.ts";
import type { MessageForm, Operands } from "./message-form.ts";
import type { MessageObserver } from "./message-observer.ts";
import { sizeOf } from "./message-size.ts";
import type { Negotiation } from "./negotiation.ts";
import { ResultEntry } from "./result-entry.ts";
import type { SessionServices } from "./services.ts";

/** A session, as its way out sees it. */
export interface OutboxHost {
  readonly services: SessionServices;
  readonly form: MessageForm;
  /** Ends if the transport can't send. Nothing is sent once it is over. */
  readonly lifetime: Lifetime;
  readonly negotiation: Negotiation;
  readonly outgoing: { readonly net: HeldCalls | undefined };
}

/** Learns how calls that were kept back leave. */
interface HeldCalls {
  leftUnawaited(entry: ResultEntry): void;
  /** Called when no call is kept back any more. */
  allLeft(): void;
}

/**
 * The way out of a session for its messages, in order. To a peer that announced extensions, they
 * leave joined when the turn is over. To any other peer, they leave at once, one by one, and the
 * transport learns when the turn is over. If a turn has much to say, its first messages don't wait
 * for its end.
 */
export class Outbox {
  readonly #transport: Transport;
  readonly #framing: Framing | undefined;
  readonly #form: MessageForm;
  readonly #lifetime: Lifetime;
  readonly #negotiation: Negotiation;
  readonly #calls: HeldCalls | undefined;
  readonly #observe: MessageObserver | undefined;
  /** Messages, bytes that go before them, and calls whose form the flush decides. */
  #queue: unknown[] | undefined;
  readonly #onTurnOver = () => {
    if (this.#isScheduled) this.flush();
  };
  readonly #onInputOver = () => {
    this.#isWaiting = false;
    if (this.#queue && !this.#isScheduled) this.flush();
  };
  /** The amount that is kept back, in the queue or by the transport. */
  #size = 0;
  #isScheduled = false;
  /** True if the queue leaves once all input was handled, unless it leaves before. */
  #isWaiting = false;
  #isStopped = false;
  /** True if the queue is leaving. Messages that a transport causes meanwhile leave after it. */
  #isFlushing = false;
  /** True if the observer is being shown a message, which leaves when it returns. */
  #isObserving = false;

  /** @param observe called with everything that the transport is given */
  constructor(host: OutboxHost, transport: Transport, observe: MessageObserver | undefined) {
    this.#transport = transport;
    this.#framing = host.services.framing;
    this.#form = host.form;
    this.#lifetime = host.lifetime;
    this.#negotiation = host.negotiation;
    this.#calls = host.outgoing.net;
    this.#observe = observe;
  }

  /** Assembles and sends a message, unless the session is over. */
  tell(tag: string, ...operands: Operands): void {
    if (!this.#lifetime.over) this.send(this.#form.tagged(tag, ...operands));
  }

  /**
   * Sends a message, unless the session is over. A transport that can't send it ends the session.
   *
   * @param attached bytes that go before it, to a peer that knows `frames`
   * @param isOfStream whether it is a chunk, or the acknowledgement of one. Between two chunks,
   *   streams take more steps than a turn has, so a chunk that is small waits until the input that
   *   is there was handled
   * @returns its size: in bytes if the transport knows it, in UTF-16 code units for text, else
   *   approximately
   */
  send(message: unknown, attached?: readonly Uint8Array[], isOfStream = false): number {
    if (this.#isStopped || this.#lifetime.over) return 0;
    const { calls, frames } = this.#negotiation.features;
    // What an observer sends must not overtake the message that it is shown.
    if (calls || frames || this.#isObserving || this.#queue) {
      return this.#hold(message, message, attached, isOfStream && hasAfterInput && frames);
    }
    return this.#sendNow(message);
  }

  /**
   * Sends an announcement: at once, because the peer's first turn depends on it, unless messages
   * are kept back before it.
   */
  announce(message: unknown): void {
    if (this.#queue) this.send(message);
    else if (!this.#isStopped && !this.#lifetime.over) this.#sendNow(message);
  }

  /**
   * Sends a chunk, whose size counts. If only the transport can tell its size, the message leaves
   * at once, after everything that was kept back. A tree isn't joined to others anyway.
   */
  sendCounted(message: unknown, attached?: readonly Uint8Array[]): number {
    if (typeof message === "string" || this.#isFlushing || this.#isObserving)
      return this.send(message, attached, true);
    if (this.#queue) this.flush();
    // The flush may have failed, which ends the session.
    return this.#isStopped || this.#lifetime.over ? 0 : this.#sendNow(message);
  }

  #sendNow(message: unknown): number {
    try {
      const size = this.#hand(message) ?? sizeOf(message);
      if (this.#transport.flush) this.#count(size);
      return size;
    } catch (error) {
      this.#failed(error);
      return 0;
    }
  }

  #failed(error: unknown): void {
    this.#lifetime.end(failureOf(error), "transport");
  }

  /** Keeps back a call whose result is `entry` until the turn is over. */
  hold(entry: ResultEntry, expression: unknown, attached?: readonly Uint8Array[]): void {
    entry.held = expression;
    this.#hold(entry, expression, attached);
  }

  /** Drops everything from now on, because the medium is gone. */
  stop(): void {
    this.#isStopped = true;
    this.clear();
  }

  /** Drops the messages that were kept back. The transport still learns of the turn's end. */
  clear(): void {
    this.#queue = undefined;
    this.#size = 0;
  }

  /** Sends the messages that were kept back. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#isStopped) return;
    const queue = this.#queue ?? [];
    this.clear();
    /** The frame that leaves next, unless more can be joined to it. */
    let frame: unknown;
    this.#isFlushing = true;
    try {
      for (const item of queue) {
        frame = item instanceof ResultEntry ? this.#joinCall(frame, item) : this.#join(frame, item);
      }
      this.#join(frame, undefined);
      this.#calls?.allLeft();
      this.#transport.flush?.();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isFlushing = false;
    }
  }

  /**
   * Joins `message` to `frame`. If either is bytes, sends `frame` first.
   *
   * @returns the frame that leaves next
   */
  #join(frame: unknown, message: unknown): unknown {
    // The length up to which messages are joined, in UTF-16 code units. A receiver starts sooner
    // on shorter texts.
    const LONGEST_FRAME = 65_536;
    const { frames, limits } = this.#negotiation.features;
    if (frames && typeof frame === "string" && typeof message === "string") {
      const longest = Math.min(LONGEST_FRAME, limits.maxFrameSize);
      const both = this.#framing?.joined(frame, message, longest);
      if (both !== undefined) return both;
    }
    if (frame !== undefined) this.#hand(frame);
    return message;
  }

  #hand(message: unknown): number | void {
    if (this.#observe) {
      this.#isObserving = true;
      this.#observe("out", message);
      this.#isObserving = false;
    }
    return this.#transport.send(message);
  }

  #joinCall(frame: unknown, entry: ResultEntry): unknown {
    const { tagged } = this.#form;
    const { held } = entry;
    entry.leave();
    if (entry.kind === "streamed") return this.#join(frame, tagged("stream", held));
    const pushed = this.#join(frame, tagged("push", held));
    if (entry.isAwaited) return this.#join(pushed, tagged("pull", entry.id));
    this.#calls?.leftUnawaited(entry);
    return pushed;
  }

  #hold(
    item: unknown,
    content: unknown,
    attached?: readonly Uint8Array[],
    mayWait = false,
  ): number {
    if (this.#isStopped || this.#lifetime.over) return 0;
    let size = sizeOf(content);
    if (attached) {
      for (const bytes of attached) {
        this.#enqueue(bytes);
        size += bytes.length;
      }
    }
    this.#enqueue(item);
    this.#count(size, mayWait);
    return size;
  }

  /** Makes sure that the messages kept back, `size` more now, leave. */
  #count(size: number, mayWait = false): void {
    // The most that is kept back. More leaves before the turn is over, so that the peer has work
    // meanwhile.
    const LONGEST_WAIT = 16_384;
    this.#size += size;
    if (this.#size >= LONGEST_WAIT && !this.#isFlushing && !this.#isObserving) this.flush();
    else if (mayWait) this.#wait();
    else this.#schedule();
  }

  #enqueue(item: unknown): void {
    // Not pushed to an empty list, which would make room for many more: most turns send one
    // message.
    if (this.#queue) this.#queue.push(item);
    else this.#queue = [item];
  }

  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    afterInput(this.#onInputOver);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    afterAwaits(this.#onTurnOver);
  }
}
