import { type Frame, MessageReader, type ReadMessage } from "@capnweb/wire";
import { BoundedMap } from "./bounded-map.ts";
import type { ToldCall } from "./told-call.ts";

export type Direction = "in" | "out";

/** Calls that are remembered for their answers. */
const MOST_CALLS = 10_000;

/** The calls of one side, from the messages that it has sent. */
export class SideLedger {
  readonly calls = new BoundedMap<number, ToldCall>(MOST_CALLS);
  #last = 0;

  /** Notes a message that gives the side another import. */
  made(method: string, at: number, isReleased: boolean): ToldCall {
    const id = ++this.#last;
    const call = { id, method, at, isReleased };
    this.calls.set(id, call);
    return call;
  }
}

/** A message, and the calls that its ids refer to. */
export interface ToldMessage extends ReadMessage {
  readonly direction: Direction;
  readonly at: number;
  /** The call that the message makes. */
  readonly made: ToldCall | undefined;
  /** The call of the other side that the message answers. */
  readonly answered: ToldCall | undefined;
}

/** A frame that can't be read. */
export interface Unreadable {
  readonly direction: Direction;
  readonly at: number;
  readonly error: unknown;
}

/**
 * Reads the frames of a session, and counts the ids that no message contains. Its memory is
 * bounded, whatever the frames.
 */
export class Ledger {
  readonly #readers: Record<Direction, MessageReader> = {
    in: newReader(),
    out: newReader(),
  };
  /** The calls of each direction. */
  readonly #sides: Record<Direction, SideLedger> = { in: new SideLedger(), out: new SideLedger() };

  /** Reads a frame. Never throws. */
  read(direction: Direction, frame: unknown): (ToldMessage | Unreadable)[] {
    const at = performance.now();
    let messages: ReadMessage[];
    try {
      messages = this.#readers[direction].read(frame as Frame);
    } catch (error) {
      this.#readers[direction] = newReader();
      return [{ direction, at, error }];
    }
    return messages.map((message) => this.#told(message, direction, at));
  }

  /** The call of `direction` with an id. */
  callOf(direction: Direction, id: unknown): ToldCall | undefined {
    return typeof id === "number" ? this.#sides[direction].calls.get(id) : undefined;
  }

  #told(read: ReadMessage, direction: Direction, at: number): ToldMessage {
    const { message } = read;
    let made: ToldCall | undefined;
    let answered: ToldCall | undefined;
    const own = this.#sides[direction];
    const other = this.#sides[direction === "in" ? "out" : "in"];
    if (message[0] === "push" || message[0] === "stream") {
      made = own.made(methodOf(message[1]), at, message[0] === "stream");
    } else if (message[0] === "pipe") {
      made = own.made("a pipe", at, false);
    } else if (message[0] === "resolve" || message[0] === "reject") {
      answered = other.calls.get(message[1]);
      if (answered?.isReleased) other.calls.delete(message[1]);
    } else if (message[0] === "release") {
      own.calls.delete(message[1]);
    }
    return { ...read, direction, at, made, answered };
  }
}

/** Limits are the session's own matter. */
function newReader(): MessageReader {
  return new MessageReader({ limits: "trusted" });
}

/** The path of the operation that an expression asks for. */
function methodOf(expression: unknown): string {
  const path = Array.isArray(expression) ? expression[2] : undefined;
  if (!Array.isArray(path)) return "";
  const names = path.slice(0, MOST_NAMES).map((name) => {
    if (typeof name === "number") return `${name}`;
    // Objects may have any `toString`.
    return typeof name === "string" ? name.slice(0, LONGEST_NAME) : "…";
  });
  // A copy, because engines keep the whole of a text for each part of it.
  return JSON.parse(JSON.stringify(names.join(".")));
}

const MOST_NAMES = 8;
const LONGEST_NAME = 60;
