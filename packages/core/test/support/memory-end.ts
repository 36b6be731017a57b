import type { Transport, TransportReceiver } from "../../src/index.ts";

interface MemoryEndOptions {
  readonly level?: Transport["encodingLevel"];
  readonly isBinary?: boolean;
}

/** One end of a connection in memory, which delivers each message a microtask after it was sent. */
export class MemoryEnd implements Transport {
  readonly encodingLevel: Transport["encodingLevel"];
  readonly isBinary: boolean;
  /** The frames that the session sent: texts that may join messages, and bytes. */
  readonly frames: any[] = [];
  /** Each message of `frames`, as a tree, and bytes. */
  readonly sent: any[] = [];
  receiver!: TransportReceiver;
  peer!: MemoryEnd;
  aborted: { reason: any } | undefined;
  /** Set to hold messages back. `release` delivers them. */
  held: unknown[] | undefined;

  constructor({ level, isBinary = false }: MemoryEndOptions = {}) {
    this.encodingLevel = level;
    this.isBinary = isBinary;
  }
  start(receiver: TransportReceiver) {
    this.receiver = receiver;
  }
  send(message: unknown) {
    this.frames.push(message);
    if (typeof message !== "string") this.sent.push(message);
    else for (const line of message.split("\n")) this.sent.push(JSON.parse(line));
    if (this.held !== undefined) this.held.push(message);
    else this.#deliver(message);
  }
  release() {
    const held = this.held ?? [];
    this.held = undefined;
    for (const message of held) this.#deliver(message);
  }
  abort(reason: unknown) {
    this.aborted = { reason };
    queueMicrotask(() => this.peer.receiver.close(new Error("connection lost")));
  }
  /** The messages and bytes sent since the last call. */
  said(): unknown[] {
    this.frames.length = 0;
    return this.sent.splice(0);
  }
  #deliver(message: unknown) {
    // The receiver gets binary frames unchanged.
    const isFrame = typeof message === "string" || (this.isBinary && message instanceof Uint8Array);
    const copy = isFrame ? message : structuredClone(message);
    queueMicrotask(() => this.peer.receiver.receive(copy));
  }
}

/** The two ends of a connection. */
export function connectEnds(options?: MemoryEndOptions): readonly [MemoryEnd, MemoryEnd] {
  const ends = [new MemoryEnd(options), new MemoryEnd(options)] as const;
  ends[0].peer = ends[1];
  ends[1].peer = ends[0];
  return ends;
}
