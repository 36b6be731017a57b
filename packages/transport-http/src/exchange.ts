import type { LimitError } from "@capnweb/core";
import { HeldBytes, networkOf } from "@capnweb/core/server";
import { HttpBatchError } from "./errors.ts";
import type { BatchSettings } from "./settings.ts";

/** The longest delay of a timer. Runtimes replace a longer one with 1 ms. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The part of an exchange that is under way, with the error for taking too long. */
const PHASES = {
  request: { status: 408, late: "didn't arrive within" },
  calls: { status: 504, late: "took longer than" },
  response: { status: 504, late: "wasn't read within" },
} as const;

/**
 * A batch at a server, from the arrival of its request until its response has left. Holds the bytes
 * of the batch and its place among the server's sessions, and ends the batch if it takes too long.
 */
export class Exchange {
  readonly held: HeldBytes;
  /** The client's network, if its address is known. */
  readonly network: string | undefined;
  readonly #timeout: number;
  readonly #leave: (() => void) | undefined;
  #phase: keyof typeof PHASES = "request";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reason: HttpBatchError | undefined;
  #listener: ((reason: HttpBatchError) => void) | undefined;
  #isOver = false;

  /**
   * @param leave gives the place among the server's sessions back
   * @param address the client's address
   */
  constructor(
    { batchTimeout, heldLimits }: BatchSettings,
    leave: (() => void) | undefined,
    address: string | undefined,
  ) {
    this.#timeout = batchTimeout;
    this.#leave = leave;
    this.network = networkOf(address);
    this.held = new HeldBytes(heldLimits, (error) => this.#giveUp(error), this.network);
    this.#startTimer();
  }

  /** The reason for ending the exchange early; `undefined` if it wasn't interrupted. */
  get reason(): HttpBatchError | undefined {
    return this.#reason;
  }

  /** Ends the exchange early. Idempotent. */
  interrupt(reason: HttpBatchError): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#listener?.(reason);
  }

  /**
   * Registers the one listener that is told of an {@link interrupt}, in place of the previous one.
   */
  onInterrupt(listener: (reason: HttpBatchError) => void): void {
    this.#listener = listener;
    if (this.#reason) listener(this.#reason);
  }

  /** Notes that the request has arrived: its calls run from now on. */
  call(): void {
    this.#phase = "calls";
  }

  /**
   * Notes that the response leaves from now on. It may be an error that says why the exchange was
   * interrupted.
   *
   * @param listener told if that takes too long
   */
  respond(listener: (reason: HttpBatchError) => void): void {
    this.#phase = "response";
    this.#listener = listener;
    if (!this.#reason) return;
    this.#reason = undefined;
    if (!this.#isOver) this.#startTimer();
  }

  /** Ends the exchange, and gives back everything that it holds. Idempotent. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#listener = undefined;
    this.held.clear();
    this.#leave?.();
  }

  /** Ends this batch, chosen because all sessions and batches together hold too much memory. */
  #giveUp(cause: LimitError): void {
    const message = `The server is short of memory. ${cause.message} Try again later.`;
    this.interrupt(
      new HttpBatchError("OVERLOADED", message, {
        status: 503,
        limit: "maxProcessHeldBytes",
        cause,
      }),
    );
  }

  #startTimer(): void {
    clearTimeout(this.#timer);
    if (this.#timeout > LONGEST_DELAY) return;
    this.#timer = setTimeout(() => this.interrupt(this.#late()), this.#timeout);
    // The timer of a batch that hangs doesn't keep the process running. Its socket does.
    (this.#timer as { unref?(): void }).unref?.();
  }

  #late(): HttpBatchError {
    const { status, late } = PHASES[this.#phase];
    const took = `${late} ${this.#timeout} ms, the server's batchTimeout`;
    const message = `The batch's ${this.#phase} ${took}.`;
    return new HttpBatchError("TIMEOUT", message, { status, limit: "batchTimeout" });
  }
}
