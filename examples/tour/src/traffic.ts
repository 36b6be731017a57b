import type { Transport, TransportReceiver } from "@capnweb/core";

/** The traffic of a connection. */
export class Traffic {
  sent = 0;
  received = 0;
  roundTrips = 0;
  #asked = false;

  note(direction: "sent" | "received", message: string): void {
    this[direction]++;
    if (direction === "sent") {
      // A release asks for nothing.
      if (!message.startsWith('["release"')) this.#asked = true;
    } else if (this.#asked) {
      this.roundTrips++;
      this.#asked = false;
    }
  }

  toString(): string {
    const trips = this.roundTrips === 1 ? "round trip" : "round trips";
    return `${this.sent} messages out, ${this.received} in, ${this.roundTrips} ${trips}`;
  }
}

/** A transport that counts another transport's messages. */
export class CountedTransport implements Transport {
  readonly #transport: Transport;
  traffic = new Traffic();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  start(receiver: TransportReceiver): void {
    this.#transport.start({
      receive: (message) => {
        this.traffic.note("received", message as string);
        receiver.receive(message);
      },
      end: (reason) => receiver.end(reason),
      close: (reason) => receiver.close(reason),
    });
  }

  send(message: unknown): void {
    this.traffic.note("sent", message as string);
    this.#transport.send(message);
  }

  flush(): void {
    this.#transport.flush?.();
  }

  whenWritable(): Promise<void> | undefined {
    return this.#transport.whenWritable?.();
  }

  abort(reason: unknown): void {
    this.#transport.abort(reason);
  }
}

/** A `fetch` that counts the messages in batches. */
export function countedFetch(traffic: Traffic) {
  return async (request: Request): Promise<Response> => {
    for (const message of linesOf(await request.clone().text())) traffic.note("sent", message);
    const response = await fetch(request);
    for (const message of linesOf(await response.clone().text())) traffic.note("received", message);
    return response;
  };
}

const linesOf = (body: string) => (body === "" ? [] : body.split("\n"));
