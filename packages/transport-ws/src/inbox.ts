import type { WebSocketLike } from "./socket.ts";

/**
 * The binary types whose frames arrive as bytes. A `Blob` has to be read first, and the third type
 * of `ws` gives lists of fragments.
 */
const BYTES = ["arraybuffer", "nodebuffer"];

/** Makes the socket deliver binary frames as bytes, whatever its `binaryType` was before. */
export function receiveBytes(socket: WebSocketLike): void {
  if (socket.binaryType !== undefined && !BYTES.includes(socket.binaryType)) {
    socket.binaryType = "arraybuffer";
  }
}

/**
 * Hands on a socket's messages in order: texts as strings, and binary frames as bytes. The
 * application may set the socket's `binaryType` at any time, so a `Blob` is read here, and
 * everything after it waits.
 */
export class Inbox {
  readonly #socket: WebSocketLike;
  readonly #deliver: (message: unknown) => void;
  /** Settles when everything before has been handed on; `undefined` if nothing waits. */
  #reading: Promise<void> | undefined;

  constructor(socket: WebSocketLike, deliver: (message: unknown) => void) {
    this.#socket = socket;
    this.#deliver = deliver;
  }

  take(data: unknown): void {
    if (this.#reading || isBlob(data)) this.#later(data);
    else this.#deliver(bytesOf(data));
  }

  /** Calls `act` once every message received so far has been handed on: at once, if none waits. */
  whenDelivered(act: () => void): void {
    if (this.#reading) void this.#reading.then(act);
    else act();
  }

  #later(data: unknown): void {
    receiveBytes(this.#socket);
    const reading = this.#deliverAfter(this.#reading, data);
    this.#reading = reading;
    void reading.then(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
  }

  async #deliverAfter(before: Promise<void> | undefined, data: unknown): Promise<void> {
    await before;
    if (!isBlob(data)) this.#deliver(bytesOf(data));
    else this.#deliver(new Uint8Array(await data.arrayBuffer().catch(() => new ArrayBuffer(0))));
  }
}

function isBlob(data: unknown): data is Blob {
  return typeof Blob === "function" && data instanceof Blob;
}

function bytesOf(data: unknown): unknown {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return Array.isArray(data) ? joined(data) : data;
}

function joined(fragments: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(fragments.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const fragment of fragments) {
    bytes.set(fragment, offset);
    offset += fragment.byteLength;
  }
  return bytes;
}
