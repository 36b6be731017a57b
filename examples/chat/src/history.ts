import type { Database } from "./database.ts";
import { ChatError } from "./errors.ts";

/** A message of a room. */
export interface Message {
  /** Grows from message to message. */
  readonly number: number;
  readonly author: string;
  /** The author's own id of the message. */
  readonly id: string;
  readonly text: string;
  readonly sent: Date;
}

/** Messages of a room, the oldest first. */
export interface Page {
  readonly messages: readonly Message[];
  /** True if the room has messages just before these, back to the limit that was asked for. */
  readonly hasMore: boolean;
}

const MAX_TEXT = 2_000;
const PAGE_SIZE = 50;
const ID = /^[\w-]{8,64}$/;

type Row = Omit<Message, "sent"> & { sent: number };

/** The messages of all rooms. */
export class History {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Stores a message, unless it is stored already: a client repeats a call whose answer was lost.
   *
   * @returns the message, and whether it is new
   * @throws ChatError `BAD_MESSAGE`
   */
  add(room: string, author: string, id: unknown, text: unknown) {
    if (typeof id !== "string" || !ID.test(id)) {
      throw new ChatError(
        "BAD_MESSAGE",
        "A message needs an id, such as crypto.randomUUID() makes.",
      );
    }
    if (typeof text !== "string" || text.trim() === "" || text.length > MAX_TEXT) {
      throw new ChatError("BAD_MESSAGE", `A message has 1 to ${MAX_TEXT} characters.`);
    }
    const { changes } = this.#database
      .prepare(
        `INSERT INTO messages (room, author, id, text, sent) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (author, id) DO NOTHING`,
      )
      .run(room, author, id, text, Date.now());
    const row = this.#database
      .prepare("SELECT number, author, id, text, sent FROM messages WHERE author = ? AND id = ?")
      .get(author, id);
    return { message: messageOf(row as Row), isNew: changes > 0 };
  }

  /**
   * The latest messages between two numbers, without these.
   *
   * @throws TypeError for bounds that aren't numbers
   */
  latest(room: string, after: number, before = Number.MAX_SAFE_INTEGER): Page {
    if (!Number.isSafeInteger(after) || !Number.isSafeInteger(before)) {
      throw new TypeError("Messages are found by their numbers, which are integers.");
    }
    const rows = this.#database
      .prepare(
        `SELECT number, author, id, text, sent FROM messages
         WHERE room = ? AND number > ? AND number < ? ORDER BY number DESC LIMIT ?`,
      )
      .all(room, after, before, PAGE_SIZE + 1) as Row[];
    const hasMore = rows.length > PAGE_SIZE;
    return { messages: rows.slice(0, PAGE_SIZE).reverse().map(messageOf), hasMore };
  }
}

function messageOf({ sent, ...row }: Row): Message {
  return { ...row, sent: new Date(sent) };
}
