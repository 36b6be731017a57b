import type { Transport, TransportReceiver } from "@capnweb/core";

/**
 * Two pull-style transports for JSON text, as `capnweb` and ours take. A message arrives in a later
 * microtask.
 */
export function createPullLink(): readonly [PullEnd, PullEnd] {
  const a = new PullEnd();
  const b = new PullEnd();
  a.peer = b;
  b.peer = a;
  return [a, b];
}

class PullEnd {
  peer: PullEnd | undefined;
  readonly #queue: string[] = [];
  #waiting: ((message: string) => void) | undefined;

  send(message: string): void {
    this.peer?.deliver(message);
  }

  deliver(message: string): void {
    const resolve = this.#waiting;
    this.#waiting = undefined;
    if (resolve === undefined) this.#queue.push(message);
    else resolve(message);
  }

  receive(): Promise<string> {
    const message = this.#queue.shift();
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  abort(): void {
    if (this.peer !== undefined) this.peer.peer = undefined;
    this.peer = undefined;
  }
}

/**
 * Two push-style transports for JSON text, as our own contract defines. A message arrives in a
 * later microtask.
 */
export function createPushLink(): readonly [Transport, Transport] {
  const a = new PushEnd();
  const b = new PushEnd();
  a.peer = b;
  b.peer = a;
  return [a, b];
}

class PushEnd implements Transport {
  peer: PushEnd | undefined;
  #receiver: TransportReceiver | undefined;
  #queue: unknown[] = [];

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
  }

  send(message: unknown): void {
    this.peer?.deliver(message);
  }

  deliver(message: unknown): void {
    // A promise's reaction, as in the other link, which is faster than `queueMicrotask`.
    if (this.#queue.push(message) === 1) Promise.resolve().then(() => this.#handIn());
  }

  abort(): void {
    if (this.peer !== undefined) this.peer.peer = undefined;
    this.peer = undefined;
  }

  #handIn(): void {
    const messages = this.#queue;
    this.#queue = [];
    for (const message of messages) this.#receiver?.receive(message);
  }
}
