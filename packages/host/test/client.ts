import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { ANNOUNCEMENT_ID, MessageReader } from "@capnweb/wire";

/** A session on one of a client's connections. */
interface Connection {
  readonly api: any;
  calls: number;
  isLeaving: boolean;
}

/**
 * A client that follows `goaway`: it connects to the next server first, makes later calls there,
 * and leaves once its calls have been answered.
 */
export class FollowingClient {
  readonly #next: () => string;
  #connection: Promise<Connection>;
  readonly moves: number[] = [];

  /** @param next returns the URL of a server that is ready */
  constructor(next: () => string) {
    this.#next = next;
    this.#connection = this.#connect();
  }

  async call(method: string, ...args: unknown[]): Promise<unknown> {
    const connection = await this.#connection;
    connection.calls++;
    try {
      return await connection.api[method](...args);
    } finally {
      connection.calls--;
      if (connection.isLeaving && connection.calls === 0) connection.api[Symbol.dispose]();
    }
  }

  async close(): Promise<void> {
    (await this.#connection).api[Symbol.dispose]();
  }

  async #connect(): Promise<Connection> {
    const reader = new MessageReader();
    const connection: Connection = {
      calls: 0,
      isLeaving: false,
      api: newWebSocketRpcSession<any>(this.#next(), undefined, {
        onMessage: (direction, frame) => {
          if (direction === "out") return;
          for (const { message } of reader.read(frame as string)) {
            const [tag, id, value] = message as any;
            const goaway = tag === "reject" && id === ANNOUNCEMENT_ID && value.capnweb?.goaway;
            if (goaway) this.#leave(connection, goaway.deadline);
          }
        },
      }) as any,
    };
    await connection.api.add(0, 0);
    return connection;
  }

  /** Moves soon enough for a short test, and long before the deadline on a busy machine. */
  #leave(old: Connection, deadline: number): void {
    setTimeout(
      async () => {
        this.moves.push(deadline);
        const next = this.#connect();
        await next;
        this.#connection = next;
        // Calls that waited for the connection have been counted by now.
        await Promise.resolve();
        old.isLeaving = true;
        if (old.calls === 0) old.api[Symbol.dispose]();
      },
      Math.random() * Math.min(deadline * 0.5, 500),
    );
  }
}
