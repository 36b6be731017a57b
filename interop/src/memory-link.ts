/** A message that one side sent, as text, or what ended its transport. */
export interface LogEntry {
  readonly from: "client" | "server";
  readonly text: string;
}

/** A pair of pull-style transports, connected in memory, that log what is sent. */
export function createMemoryLink() {
  const log: LogEntry[] = [];
  let activity = 0;

  class End {
    readonly side: "client" | "server";
    peer!: End;
    #queue: string[] = [];
    #waiting: { resolve(message: string): void; reject(reason: unknown): void } | undefined;
    #failure: { reason: unknown } | undefined;

    constructor(side: "client" | "server") {
      this.side = side;
    }
    async send(message: string) {
      activity++;
      log.push({ from: this.side, text: message });
      this.peer.deliver(message);
    }
    receive(): Promise<string> {
      const next = this.#queue.shift();
      if (next !== undefined) return Promise.resolve(next);
      if (this.#failure !== undefined) return Promise.reject(this.#failure.reason);
      return new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject };
      });
    }
    abort(reason: unknown) {
      activity++;
      log.push({ from: this.side, text: `(aborted: ${(reason as Error)?.message ?? reason})` });
      this.peer.fail(new Error("The peer closed the connection."));
    }
    deliver(message: string) {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting === undefined) this.#queue.push(message);
      else waiting.resolve(message);
    }
    fail(reason: unknown) {
      this.#failure = { reason };
      this.#waiting?.reject(reason);
      this.#waiting = undefined;
    }
  }

  const client = new End("client");
  const server = new End("server");
  client.peer = server;
  server.peer = client;

  return {
    client,
    server,
    log,
    /** Resolves when several turns of the event loop went by without a message. */
    async settle() {
      let quiet = 0;
      while (quiet < 4) {
        const before = activity;
        await new Promise((resolve) => setImmediate(resolve));
        quiet = activity === before ? quiet + 1 : 0;
      }
    },
    /** Everything that one side sent, in order. */
    sentBy: (side: "client" | "server") =>
      log.filter((entry) => entry.from === side).map((entry) => entry.text),
  };
}
