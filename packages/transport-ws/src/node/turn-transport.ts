import type { Duplex } from "node:stream";
import { afterInput, isTurnOver } from "@capnweb/core/server";
import type { WebSocket } from "ws";
import { type WebSocketOptions, WebSocketPushTransport } from "../push-transport.ts";
import { nodeFailure } from "./failure.ts";

/** The bytes of a chunk after which more are likely to wait. Node.js reads 64 KiB at a time. */
const LONG_CHUNK = 16 * 1024;

/**
 * Carries a session over a socket of a server. Node.js reads up to 2 MiB from a socket before it
 * looks at the next one. This transport stops reading when the turn of the event loop has lasted
 * long enough, so that a client never waits for megabytes of each other client.
 */
export class TurnTransport extends WebSocketPushTransport {
  readonly #socket: WebSocket;
  /** True if the session has stopped the reading. */
  #isHeldBack = false;
  /** True if reading goes on in the next turn. */
  #isWaiting = false;

  /**
   * @param socket an open socket of `ws`; the transport owns it
   * @param stream the connection under it
   */
  constructor(socket: WebSocket, stream: Duplex, options: WebSocketOptions) {
    super(socket, options, nodeFailure);
    this.#socket = socket;
    stream.on("data", (chunk: Uint8Array) => {
      if (chunk.length >= LONG_CHUNK) this.#received();
    });
  }

  override pause(): void {
    this.#isHeldBack = true;
    super.pause();
  }

  override resume(): void {
    this.#isHeldBack = false;
    super.resume();
  }

  #received(): void {
    if (this.#isHeldBack || this.#isWaiting || !isTurnOver()) return;
    this.#isWaiting = true;
    this.#socket.pause();
    afterInput(() => {
      this.#isWaiting = false;
      if (!this.#isHeldBack) this.#socket.resume();
    });
  }
}
