import type { Transport, TransportReceiver } from "@capnweb/core";
import type { SessionVariant } from "../generate/session-sequence.ts";
import type { Ledger } from "./ledger.ts";
import { Sent } from "./sent.ts";

/** A transport whose other end is the attacker. It checks everything that the session sends. */
export class AttackTransport implements Transport {
  readonly encodingLevel: SessionVariant["level"];
  readonly isBinary: boolean;
  receiver!: TransportReceiver;
  /** True if either side has ended the session. */
  isOver = false;
  /** True if the session told the transport about its end. */
  isAborted = false;
  readonly sent: Sent;
  readonly #fault: SessionVariant["transport"];
  readonly #ledger: Ledger;
  #count = 0;

  constructor(variant: SessionVariant, ledger: Ledger) {
    this.encodingLevel = variant.level;
    this.isBinary = variant.isBinary;
    this.#fault = variant.transport;
    this.#ledger = ledger;
    this.sent = new Sent(ledger);
  }

  start(receiver: TransportReceiver): void {
    this.receiver = receiver;
  }

  send(message: unknown): void {
    if (this.isOver) this.#ledger.fault("a message after the end", message);
    if (this.#fault === "send throws" && ++this.#count > 5) {
      this.isOver = true;
      throw new Error("thrown by send");
    }
    this.sent.check(message, this.encodingLevel === "string");
  }

  flush(): void {}

  whenWritable(): Promise<void> | undefined {
    if (this.#fault !== "is full") return undefined;
    return new Promise((resolve) => setImmediate(resolve));
  }

  abort(): void {
    if (this.isAborted) this.#ledger.fault("a second end");
    this.isAborted = true;
    this.isOver = true;
    if (this.#fault === "abort throws") throw new Error("thrown by abort");
  }
}
