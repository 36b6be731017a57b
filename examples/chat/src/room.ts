import type { RpcStub } from "@capnweb/core";
import { ChatError } from "./errors.ts";
import type { History, Message, Page } from "./history.ts";
import type { SayLimit } from "./say-limit.ts";

/** The object of a page that a room tells its news to. */
export interface Listener {
  /** Messages that the page doesn't have yet; `hasMore` if there are more before these. */
  missed(page: Page): void;
  /** A message as it is said. */
  said(message: Message): void;
  /** The names of the members that are here now. */
  present(names: readonly string[]): void;
}

/** Listeners of one member in a room. Each costs a call for each piece of news. */
const MOST_LISTENERS = 10;

/** A room, as the server knows it: its members' listeners, and its history. */
export class Room {
  readonly name: string;
  readonly #history: History;
  readonly #limit: SayLimit;
  /** The name of the member behind each listener. */
  readonly #listeners = new Map<RpcStub<Listener>, string>();

  /** @param limit counts the messages of all rooms */
  constructor(name: string, history: History, limit: SayLimit) {
    this.name = name;
    this.#history = history;
    this.#limit = limit;
  }

  /** @throws ChatError `BAD_MESSAGE`, `TOO_MANY` */
  say(author: string, id: string, text: string): Message {
    this.#limit.count(author);
    const { message, isNew } = this.#history.add(this.name, author, id, text);
    if (isNew) this.#tell((listener) => listener.said(message));
    return message;
  }

  latest(after: number, before?: number): Page {
    return this.#history.latest(this.name, after, before);
  }

  /**
   * Tells a listener everything after the message number `after`, and all news from then on.
   *
   * @param listener a stub of its own, which the room disposes of
   * @returns a function that ends this. Idempotent
   */
  enter(name: string, listener: RpcStub<Listener>, after: number): () => void {
    const leave = () => {
      if (!this.#listeners.delete(listener)) return;
      listener[Symbol.dispose]();
      this.#tellPresent();
    };
    const page = this.#pageFor(name, listener, after);
    this.#listeners.set(listener, name);
    // The end of the session ends the presence.
    listener.onRpcBroken(leave);
    listener.missed(page).catch(() => {});
    this.#tellPresent();
    return leave;
  }

  /** The messages for a new listener, which is disposed of if it can't enter. */
  #pageFor(name: string, listener: RpcStub<Listener>, after: number): Page {
    try {
      const present = [...this.#listeners.values()].filter((each) => each === name).length;
      if (present < MOST_LISTENERS) return this.latest(after);
      throw new ChatError("TOO_MANY", `You are in ${this.name} ${present} times. Leave it first.`);
    } catch (error) {
      listener[Symbol.dispose]();
      throw error;
    }
  }

  #tellPresent(): void {
    const names = [...new Set(this.#listeners.values())].sort();
    this.#tell((listener) => listener.present(names));
  }

  /** Waits for no member's network. A listener that is gone leaves by `onRpcBroken`. */
  #tell(news: (listener: RpcStub<Listener>) => PromiseLike<void>): void {
    for (const listener of this.#listeners.keys()) news(listener).then(undefined, () => {});
  }
}
