// A room for chats, in a Durable Object that hibernates: it costs nothing while its members are
// silent, although they stay connected.
import { DurableObject } from "cloudflare:workers";
import { type RpcStub, RpcTarget } from "@capnweb/core";
import { HibernatingSockets, RpcHost } from "@capnweb/host/workers";

/** The function that a member is told new messages with. */
type Listener = RpcStub<(message: string) => void>;

class Member extends RpcTarget {
  readonly #name: string;
  readonly #room: Room;
  constructor(name: string, room: Room) {
    super();
    this.#name = name;
    this.#room = room;
  }

  /** Sends a message to all members, and resolves with the number of messages so far. */
  say(text: string): Promise<number> {
    return this.#room.said(`${this.#name}: ${text}`);
  }

  /** Tells `listener` each message from now on. */
  listen(listener: Listener): Subscription {
    return this.#room.listen(listener.dup());
  }

  /** A name for the object's memory. */
  memory(): string {
    return this.#room.memory;
  }

  /** Never answers. */
  wait(): Promise<never> {
    return new Promise(() => {});
  }
}

class Subscription extends RpcTarget {
  readonly #stop: () => void;
  constructor(stop: () => void) {
    super();
    this.#stop = stop;
  }
  [Symbol.dispose](): void {
    this.#stop();
  }
}

export class Room extends DurableObject {
  readonly memory = crypto.randomUUID();
  readonly #listeners = new Set<Listener>();
  readonly #sockets: HibernatingSockets;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    const host = new RpcHost({
      resume: {},
      authorize({ url }) {
        const name = new URL(url, "https://localhost").searchParams.get("name");
        return name ? { context: name, identity: name } : { status: 401, reason: "Who are you?" };
      },
      createMain: (name: string) => new Member(name, this),
    });
    this.#sockets = new HibernatingSockets(ctx, host);
  }

  async said(message: string): Promise<number> {
    const count = ((await this.ctx.storage.get<number>("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    for (const listener of this.#listeners) listener(message).catch(() => {});
    return count;
  }

  listen(listener: Listener): Subscription {
    this.#listeners.add(listener);
    return new Subscription(() => {
      this.#listeners.delete(listener);
      listener[Symbol.dispose]();
    });
  }

  override fetch(request: Request): Promise<Response> {
    return this.#sockets.fetch(request);
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#sockets.message(socket, message);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#sockets.close(socket, code, reason);
  }

  override webSocketError(socket: WebSocket, error: unknown): void {
    this.#sockets.error(socket, error);
  }
}

export default {
  fetch(request: Request, { ROOM }: { ROOM: DurableObjectNamespace }): Promise<Response> {
    return ROOM.get(ROOM.idFromName("lobby")).fetch(request);
  },
};
