import { type RpcStub, RpcTarget } from "@capnweb/core";

/** A function that is called with everything said in the room. */
export type Listener = (name: string, text: string) => void;

/** A room whose members all hear each other. */
export class Room {
  readonly #listeners = new Set<RpcStub<Listener>>();

  /** The main object of a session. */
  door(): Door {
    return new Door(this);
  }

  /**
   * Takes over the listener.
   *
   * @returns a function that makes it leave
   */
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
    // Doesn't wait: no member waits for another member's network.
    for (const listener of this.#listeners) void listener(name, text).catch(() => {});
  }
}

/** The main object, which every client gets: the way into the room. */
export class Door extends RpcTarget {
  readonly #room: Room;

  constructor(room: Room) {
    super();
    this.#room = room;
  }

  /** Calls `listener` with everything said from now on. */
  join(name: string, listener: RpcStub<Listener>): Member {
    // Arguments are disposed of when the call returns, so the listener is duplicated.
    return new Member(this.#room, name, this.#room.enter(listener.dup()));
  }
}

/** A member of the room. Its holder is in the room, and leaves by disposing of it. */
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
