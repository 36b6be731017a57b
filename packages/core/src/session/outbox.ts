import { afterAwaits } from "../after-awaits.ts";
import type { Transport } from "../transport.ts";
import type { Features } from "./features.ts";
import { ImportEntry } from "./import-entry.ts";
import type { MessageForm } from "./message-form.ts";
import { estimateSize } from "./message-size.ts";

/** Up to which length messages are joined, in UTF-16 units; what is read in one go starts sooner. */
const LONGEST_FRAME = 65_536;

/**
 * Where a session's messages leave, in order. To a peer that announced extensions they leave when the
 * turn is over, joined; to any other at once, one by one, and the transport is told when the turn is.
 */
export class Outbox {
  readonly #transport: Transport;
  readonly #form: MessageForm;
  readonly #features: Features;
  readonly #failed: (error: unknown) => void;
  /** Messages, and calls of which the flush decides how they leave. */
  #queue: unknown[] = [];
  #isScheduled = false;

  /** @param failed called if the transport can't send what was kept back */
  constructor(
    transport: Transport,
    form: MessageForm,
    features: Features,
    failed: (error: unknown) => void,
  ) {
    this.#transport = transport;
    this.#form = form;
    this.#features = features;
    this.#failed = failed;
  }

  /**
   * Sends a message.
   *
   * @returns its size: in bytes where the transport knows it, in UTF-16 units where it is text, else
   *   about
   * @throws what the transport throws
   */
  send(message: unknown): number {
    const holds = this.#features.calls || this.#features.frames;
    if (holds) this.#hold(message);
    else if (this.#transport.flush !== undefined) this.#schedule();
    const size = holds ? undefined : this.#transport.send(message);
    return size ?? (typeof message === "string" ? message.length : estimateSize(message));
  }

  /** Sends a call whose result is `entry`, when the turn is over. */
  hold(entry: ImportEntry, expression: unknown): void {
    entry.held = expression;
    this.#hold(entry);
  }

  /** Drops what was kept back: there is nobody to send it to. */
  clear(): void {
    this.#queue = [];
  }

  /** Sends what was kept back. */
  flush(): void {
    this.#isScheduled = false;
    const queue = this.#queue;
    this.#queue = [];
    let frame = "";
    const send = (message: unknown) => {
      if (typeof message === "string" && this.#features.frames) {
        if (frame.length + message.length < LONGEST_FRAME) {
          frame = frame === "" ? message : `${frame}\n${message}`;
          return;
        }
        if (frame !== "") this.#transport.send(frame);
        frame = message;
        return;
      }
      if (frame !== "") this.#transport.send(frame);
      frame = "";
      this.#transport.send(message);
    };
    try {
      for (const item of queue) {
        if (item instanceof ImportEntry) this.#sendCall(item, send);
        else send(item);
      }
      if (frame !== "") this.#transport.send(frame);
      this.#transport.flush?.();
    } catch (error) {
      this.#failed(error);
    }
  }

  #sendCall(entry: ImportEntry, send: (message: unknown) => void): void {
    const { tagged } = this.#form;
    const { held } = entry;
    entry.leave();
    if (entry.kind === "streamed") {
      send(tagged("stream", held));
      return;
    }
    send(tagged("push", held));
    if (entry.isAwaited) send(tagged("pull", entry.id));
  }

  #hold(item: unknown): void {
    this.#queue.push(item);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    afterAwaits(() => {
      if (this.#isScheduled) this.flush();
    });
  }
}
