import { type DurableClass, restore } from "@capnweb/durable";
import { Accounts } from "./accounts.ts";
import type { Database } from "./database.ts";
import { ChatError } from "./errors.ts";
import { History } from "./history.ts";
import { Lobby, Member } from "./lobby.ts";
import { Room } from "./room.ts";
import { SayLimit } from "./say-limit.ts";

/** The whole chat: the accounts and the rooms, which all sessions share. */
export class Chat {
  readonly accounts: Accounts;
  readonly #rooms: ReadonlyMap<string, Room>;

  constructor(database: Database, rooms: readonly string[]) {
    this.accounts = new Accounts(database);
    const history = new History(database);
    const limit = new SayLimit();
    this.#rooms = new Map(rooms.map((name) => [name, new Room(name, history, limit)]));
  }

  get roomNames(): string[] {
    return [...this.#rooms.keys()];
  }

  /** @throws ChatError `NO_ROOM` */
  room(name: string): Room {
    const room = this.#rooms.get(name);
    if (!room) throw new ChatError("NO_ROOM", `There is no room "${name}".`);
    return room;
  }

  /**
   * The main object of a session.
   *
   * @param address the client's, if it is known
   */
  lobby(address?: string): Lobby {
    return new Lobby(this, address);
  }

  /**
   * The durable class of members. Its `[restore]` is a closure, because a member is recreated in
   * this chat.
   */
  get memberClass(): DurableClass {
    return {
      name: "Member",
      prototype: Member.prototype,
      [restore]: ({ login }: { login: string }) => new Member(this, login),
    };
  }
}
