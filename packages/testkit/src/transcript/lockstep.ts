import { CodedError } from "@capnweb/wire/coded";
import { turns } from "../turns.ts";
import type { Line, Side } from "./transcript.ts";

/** Turns of the event loop after which a delivery's effects have been sent. Blobs take a few. */
const TURNS = 8;

/** A program waits for a message that no side sends. */
export class StalledError extends CodedError {
  /** The same for every error of this class. */
  get code(): "STALLED" {
    return "STALLED";
  }
  readonly #lines: readonly Line[];

  /** @param lines the lines said so far */
  constructor(lines: readonly Line[]) {
    super("The program waits for a message that nobody sends.");
    this.#lines = lines;
  }

  /** The lines said before the program stalled. */
  get lines(): readonly Line[] {
    return this.#lines;
  }
}

/** The reaction of an end to a message. */
interface Receiver {
  receive(message: unknown): void;
  close(reason: unknown): void;
}

/**
 * A connection that delivers one message at a time, in the order of sending. It delivers the next
 * message only when all effects of the last one have been sent. The conversation then depends on
 * the actions of the two ends, not on their speed.
 */
export class LockstepLink {
  readonly lines: Line[] = [];
  readonly client = new LockstepEnd(this, "client");
  readonly server = new LockstepEnd(this, "server");
  #delivered = 0;
  #settling: (() => void)[] = [];

  get delivered(): number {
    return this.#delivered;
  }

  /** Adds a line of one side. */
  say(from: Side, text: string | undefined, end?: string): void {
    const line = { from, after: this.#delivered, text };
    this.lines.push(end === undefined ? line : { ...line, end });
  }

  /** Resolves when nothing is in flight. Only while {@link run} runs. */
  settle(): Promise<void> {
    return new Promise((resolve) => {
      this.#settling.push(resolve);
    });
  }

  /**
   * Delivers until `program` is over and nothing is in flight.
   *
   * @param prompt called before every delivery, so that a scripted side can speak
   * @throws StalledError if the program waits for a message that never comes
   */
  async run(program: Promise<unknown>, prompt: () => void = () => {}): Promise<void> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    program.then(over, over);
    for (;;) {
      await turns(TURNS);
      prompt();
      const next = this.lines[this.#delivered];
      if (next !== undefined) {
        this.#delivered++;
        this.#deliver(next);
      } else if (this.#settling.length > 0) {
        const settling = this.#settling;
        this.#settling = [];
        for (const resolve of settling) resolve();
      } else if (isOver) {
        await program;
        return;
      } else {
        throw new StalledError(this.lines);
      }
    }
  }

  #deliver({ from, text, end }: Line): void {
    const to = from === "client" ? this.server : this.client;
    if (text === undefined) to.closed(new Error(`The peer closed the connection: ${end}`));
    else to.deliver(text);
  }
}

/** A transport in push style, as in `@capnweb/core`, and in pull style, as in `capnweb`. */
export class LockstepEnd {
  readonly #link: LockstepLink;
  readonly #side: Side;
  readonly #received: string[] = [];
  #receiver: Receiver | undefined;
  #waiting: { resolve(message: string): void; reject(reason: unknown): void } | undefined;
  #failure: { reason: unknown } | undefined;
  #isOver = false;

  constructor(link: LockstepLink, side: Side) {
    this.#link = link;
    this.#side = side;
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  send(text: string): void {
    if (!this.#isOver) this.#link.say(this.#side, text);
  }

  receive(): Promise<string> {
    const next = this.#received.shift();
    if (next !== undefined) return Promise.resolve(next);
    if (this.#failure !== undefined) return Promise.reject(this.#failure.reason);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  abort(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#link.say(this.#side, undefined, (reason as Error)?.message ?? String(reason));
  }

  deliver(text: string): void {
    if (this.#isOver) return;
    if (this.#receiver !== undefined) {
      this.#receiver.receive(text);
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#received.push(text);
    else waiting.resolve(text);
  }

  closed(reason: unknown): void {
    this.#failure = { reason };
    this.#isOver = true;
    this.#receiver?.close(reason);
    this.#waiting?.reject(reason);
    this.#waiting = undefined;
  }
}
