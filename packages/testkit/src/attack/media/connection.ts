import type { Target } from "../target.ts";

/**
 * Data that only one medium carries: a value for a structured clone, or, on byte streams, bytes
 * without a frame around them.
 */
export class Native {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A text, a binary frame, or data of the medium's own. */
export type Sendable = string | Uint8Array | Native;

/** An open connection in any medium, on which an attacker can send anything. */
export interface Connection {
  readonly isOpen: boolean;
  /** Bytes sent that neither the medium nor the server has taken yet. */
  readonly bufferedAmount: number;
  send(message: Sendable): void;
  /** Closes the connection without a close frame or message. */
  terminate(): void;
}

/** The events of a connection. */
export interface ConnectionEvents {
  /** Called with each message, or with several joined by newlines; `undefined` for a binary one. */
  message(text: string | undefined, bytes: number): void;
  /** Called once when either side has ended an open connection. */
  closed(way: string): void;
}

/** Options of a connection. */
export interface ConnectionOptions {
  /** Ends the connection, or the attempt to open it. */
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** True to read messages. Default `true`. Ports always read. */
  readonly reads?: boolean | undefined;
}

/** The parts of a target that a client connects to. */
export type Endpoints = Pick<Target, "ws" | "wt" | "port" | "localAddress">;

/** Opens a connection in the medium of a target's sessions. */
export type Open = (
  target: Endpoints,
  events: ConnectionEvents,
  options: ConnectionOptions,
) => Promise<Connection>;
