// The capabilities that clients hold. Each gives exactly what its methods do: the lobby is for
// everyone, a member is for one login, and a seat is one member's way into one room.
import { type RpcStub, RpcTarget } from "@capnweb/core";
import { restoreParams } from "@capnweb/durable";
import type { Chat } from "./chat.ts";
import type { Message, Page } from "./history.ts";
import type { Listener, Room } from "./room.ts";

/** The main object of each session. */
export class Lobby extends RpcTarget {
  readonly #chat: Chat;

  constructor(chat: Chat) {
    super();
    this.#chat = chat;
  }

  /** Signs in. The first login with a name makes the account. */
  async signIn(name: string, password: string): Promise<Member> {
    return new Member(this.#chat, await this.#chat.accounts.signIn(name, password));
  }
}

/** A member who has signed in. It is durable: its token works until the member signs out. */
export class Member extends RpcTarget {
  readonly #chat: Chat;
  readonly #login: string;
  readonly #name: string;

  /** @throws ChatError `SIGNED_OUT` */
  constructor(chat: Chat, login: string) {
    super();
    this.#chat = chat;
    this.#login = login;
    this.#name = chat.accounts.nameOf(login);
  }

  [restoreParams]() {
    return { login: this.#login };
  }

  get name(): string {
    return this.#name;
  }

  rooms(): string[] {
    return this.#chat.roomNames;
  }

  room(name: string): Seat {
    return new Seat(this.#chat.room(name), this.#name);
  }

  /** Ends the login, and with it all tokens for this capability. */
  signOut(): void {
    this.#chat.accounts.signOut(this.#login);
  }
}

/** A member's way into one room. Its holder speaks in this member's name. */
export class Seat extends RpcTarget {
  readonly #room: Room;
  readonly #name: string;

  constructor(room: Room, name: string) {
    super();
    this.#room = room;
    this.#name = name;
  }

  /**
   * Says something. A second call with the same id changes nothing, so the call may be repeated.
   *
   * @param id chosen by the caller, another one for each message
   */
  say(id: string, text: string): Message {
    return this.#room.say(this.#name, id, text);
  }

  /** The messages just before the number `before`. */
  earlier(before: number): Page {
    return this.#room.latest(0, before);
  }

  /**
   * Tells the listener everything after the message number `after`, and all news from then on.
   *
   * @returns the presence. It ends when the caller disposes of it, or with the session
   */
  enter(listener: RpcStub<Listener>, after: number): Presence {
    // Arguments are disposed of when the call returns, so the listener is duplicated.
    return new Presence(this.#room.enter(this.#name, listener.dup(), after));
  }
}

/** A member's presence in a room, as long as it is held. */
export class Presence extends RpcTarget {
  readonly #leave: () => void;

  constructor(leave: () => void) {
    super();
    this.#leave = leave;
  }

  [Symbol.dispose](): void {
    this.#leave();
  }
}
