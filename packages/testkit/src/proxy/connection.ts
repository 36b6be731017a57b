import type { Socket } from "node:net";
import type { Side } from "../transcript/transcript.ts";
import { type CutKind, checkCut, type ProxyCut } from "./cut.ts";
import { Direction } from "./direction.ts";

/** Milliseconds that a side has to end its stream after a close. */
const LINGER = 1_000;

/** An amount of traffic in one direction. */
export interface Amount {
  /** The side that sends it. */
  readonly from: Side;
  /** The number of bytes forwarded. */
  readonly bytes?: number | undefined;
  /** The number of WebSocket messages forwarded completely. */
  readonly messages?: number | undefined;
}

/**
 * A TCP connection through the proxy.
 *
 * @example
 * ```ts
 * const connection = await proxy.nextConnection();
 * await connection.reached({ from: "client", messages: 3 });
 * connection.cut("reset");
 * await connection.closed;
 * ```
 */
export class ProxyConnection {
  /** The number of the connection, from 1, in the order in which they were opened. */
  readonly number: number;
  /** Resolves when both sockets are closed. Never rejects. */
  readonly closed: Promise<void>;
  readonly #sockets: Readonly<Record<Side, Socket>>;
  readonly #directions: Readonly<Record<Side, Direction>>;
  #waiting: { readonly amount: Amount; resolve(): void; reject(error: Error): void }[] = [];
  #isClosed = false;

  /** @param latency returns the milliseconds that bytes are under way at the moment */
  constructor(number: number, client: Socket, server: Socket, latency: () => number) {
    this.number = number;
    this.#sockets = { client, server };
    const direction = (source: Socket, sink: Socket) =>
      new Direction(source, sink, {
        latency,
        cut: ({ from, kind }) => this.#do(kind ?? "close", from),
        progressed: () => this.#progressed(),
      });
    this.#directions = { client: direction(client, server), server: direction(server, client) };
    const ends = [client, server].map((socket) => this.#closeOf(socket));
    this.closed = Promise.all(ends).then(() => this.#over());
  }

  /** True if both sockets are closed. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Returns the number of bytes and complete WebSocket messages that a side has sent so far. */
  sentBy(side: Side): { bytes: number; messages: number } {
    const { bytes, messages } = this.#directions[side];
    return { bytes, messages };
  }

  /**
   * Cuts the connection now, in both directions.
   *
   * @param kind default `"close"`; `"half-close"` ends only the stream from the client
   */
  cut(kind: CutKind = "close"): void {
    this.#do(kind, "client");
  }

  /**
   * Cuts the connection at a place that wasn't reached yet. A second call for the same side
   * replaces the first.
   *
   * @throws TypeError for a cut without a place
   */
  cutAt(cut: ProxyCut): void {
    checkCut(cut);
    this.#directions[cut.from].cutAt(cut);
  }

  /**
   * Stops forwarding, while the sockets stay open. Senders notice only that their buffers fill up.
   *
   * @param from the side whose data isn't forwarded. Default: both
   */
  stall(from?: Side): void {
    for (const each of this.#of(from)) each.stall();
  }

  /** Goes on after a stall. Nothing was lost. */
  resume(from?: Side): void {
    for (const each of this.#of(from)) each.resume();
  }

  /** Ends the stream that a side sends, for its reader. The other direction goes on. */
  halfClose(from: Side): void {
    this.#directions[from].end();
  }

  /**
   * Resolves once a side has sent so much.
   *
   * @throws Error if the connection closes before that
   */
  reached(amount: Amount): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ amount, resolve, reject });
      if (this.#isClosed) this.#over();
      else this.#progressed();
    });
  }

  #of(from: Side | undefined): Direction[] {
    const { client, server } = this.#directions;
    return from === undefined ? [client, server] : [this.#directions[from]];
  }

  #do(kind: CutKind, from: Side): void {
    if (kind === "stall") this.stall();
    else if (kind === "half-close") this.halfClose(from);
    else {
      for (const each of this.#of(undefined)) each.discard();
      const { client, server } = this.#sockets;
      for (const socket of [client, server]) {
        if (kind === "reset") socket.resetAndDestroy();
        else close(socket);
      }
    }
  }

  #progressed(): void {
    this.#waiting = this.#waiting.filter(({ amount, resolve }) => {
      const { bytes, messages } = this.sentBy(amount.from);
      const isReached = bytes >= (amount.bytes ?? 0) && messages >= (amount.messages ?? 0);
      if (isReached) resolve();
      return !isReached;
    });
  }

  #over(): void {
    this.#isClosed = true;
    this.#progressed();
    const error = new Error(`Connection ${this.number} closed before so much was sent.`);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Resolves when a socket is closed. Its failure is passed on to the other one. */
  #closeOf(socket: Socket): Promise<void> {
    return new Promise((resolve) => {
      // The proxy's reset, or a peer's: the other side gets one as well.
      socket.on("error", () => {
        for (const each of Object.values(this.#sockets)) each.resetAndDestroy();
      });
      socket.once("close", () => resolve());
    });
  }
}

/** Ends a socket after everything that was written to it. */
function close(socket: Socket): void {
  socket.end();
  // Unread data would turn the close into a reset, which may overtake what was written.
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
}
