import { type Transport, wrapTransport } from "@capnweb/core";
import {
  DEFAULT_LIMITS,
  type Frame,
  type Message,
  MessageReader,
  parseMessage,
  splitLines,
} from "@capnweb/wire";

/** The traffic of a connection. */
export class Traffic {
  sent = 0;
  received = 0;
  roundTrips = 0;
  #asked = false;

  note(direction: "sent" | "received", [tag]: Message): void {
    this[direction]++;
    if (direction === "sent") {
      // A release asks for nothing.
      if (tag !== "release") this.#asked = true;
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

/**
 * A transport that counts another transport's messages.
 *
 * @param traffic gives the counters of the step under way
 */
export function countedTransport(inner: Transport, traffic: () => Traffic): Transport {
  const outgoing = new MessageReader();
  const incoming = new MessageReader();
  return wrapTransport(inner, {
    send(frame) {
      for (const { message } of outgoing.read(frame as Frame)) traffic().note("sent", message);
      return inner.send(frame);
    },
    receive(frame, receiver) {
      for (const { message } of incoming.read(frame as Frame)) traffic().note("received", message);
      receiver.receive(frame);
    },
  });
}

/** A `fetch` that counts the messages in batches. */
export function countedFetch(traffic: Traffic) {
  return async (request: Request): Promise<Response> => {
    noteAll(traffic, "sent", await request.clone().text());
    const response = await fetch(request);
    noteAll(traffic, "received", await response.clone().text());
    return response;
  };
}

function noteAll(traffic: Traffic, direction: "sent" | "received", body: string): void {
  for (const line of splitLines(body)) traffic.note(direction, parseMessage(line, DEFAULT_LIMITS));
}
