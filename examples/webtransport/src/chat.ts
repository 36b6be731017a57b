import { type RpcStub, RpcTarget } from "@capnweb/core";

/** What is called with everything that is said. */
export type Listener = (name: string, text: string) => void;

/** A room in which everybody hears everybody. */
export class Room {
  readonly #listeners = new Set<RpcStub<Listener>>();

  /** The main object of a session. */
  door(): Door {
    return new Door(this);
  }

  /** Takes over the listener. @returns what makes it leave */
  enter(listener: RpcStub<Listener>): () => void {
    this.#listeners.add(listener);
    // A session that ends takes its members along.
    const leave = () => {
      if (this.#listeners.delete(listener)) listener[Symbol.dispose]();
    };
    listener.onRpcBroken(leave);
    return leave;
  }

  say(name: string, text: string): void {
    // Nobody waits for anybody else's network.
    for (const listener of this.#listeners) void listener(name, text).catch(() => {});
  }
}

/** What anybody gets: the way in. */
export class Door extends RpcTarget {
  readonly #room: Room;

  constructor(room: Room) {
    super();
    this.#room = room;
  }

  /** Has `listener` called with everything that is said from now on. */
  join(name: string, listener: RpcStub<Listener>): Member {
    // An argument is disposed of when the call returns; this one is needed longer.
    return new Member(this.#room, name, this.#room.enter(listener.dup()));
  }
}

/** What a member of the room can do. Who holds it is in the room; who lets it go, leaves. */
export class Member extends RpcTarget {
  readonly #room: Room;
  readonly #name: string;
  readonly #leave: () => void;

  constructor(room: Room, name: string, leave: () => void) {
    super();
    this.#room = room;
    this.#name = name;
    this.#leave = leave;
    room.say(name, "(joins)");
  }

  say(text: string): void {
    this.#room.say(this.#name, text);
  }

  [Symbol.dispose](): void {
    this.#leave();
    this.#room.say(this.#name, "(leaves)");
  }
}
