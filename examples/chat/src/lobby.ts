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
  readonly #address: string | undefined;

  /** @param address the client's, by which attempts to sign in count */
  constructor(chat: Chat, address: string | undefined) {
    super();
    this.#chat = chat;
    this.#address = address;
  }

  /** Signs in. The first login with a name makes the account. */
  async signIn(name: string, password: string): Promise<Member> {
    const login = await this.#chat.accounts.signIn(name, password, this.#address);
    return new Member(this.#chat, login);
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

  /** @throws ChatError `NO_ROOM`, `SIGNED_OUT` */
  room(name: string): Seat {
    this.#chat.accounts.nameOf(this.#login);
    return new Seat(this.#chat, this.#chat.room(name), this.#login);
  }

  /**
   * Ends the login: all tokens for this capability, and what sessions hold by it. A thief of a
   * token could stay otherwise.
   */
  signOut(): void {
    this.#chat.accounts.signOut(this.#login);
  }
}

/** A member's way into one room. Its holder speaks in this member's name. */
export class Seat extends RpcTarget {
  readonly #chat: Chat;
  readonly #room: Room;
  readonly #login: string;

  constructor(chat: Chat, room: Room, login: string) {
    super();
    this.#chat = chat;
    this.#room = room;
    this.#login = login;
  }

  /**
   * Says something. A second call with the same id changes nothing, so the call may be repeated.
   *
   * @param id chosen by the caller, another one for each message
   */
  say(id: string, text: string): Message {
    return this.#room.say(this.#check(), id, text);
  }

  /** The messages just before the number `before`. */
  earlier(before: number): Page {
    this.#check();
    return this.#room.latest(0, before);
  }

  /**
   * Tells the listener everything after the message number `after`, and all news from then on.
   *
   * @returns the presence. It ends when the caller disposes of it, or with the session
   */
  enter(listener: RpcStub<Listener>, after: number): Presence {
    // Arguments are disposed of when the call returns, so the listener is duplicated.
    const leave = this.#room.enter(this.#check(), listener.dup(), after);
    const forget = this.#chat.accounts.onSignOut(this.#login, leave);
    return new Presence(() => {
      forget();
      leave();
    });
  }

  /**
   * The name of the member.
   *
   * @throws ChatError `SIGNED_OUT`
   */
  #check(): string {
    return this.#chat.accounts.nameOf(this.#login);
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
