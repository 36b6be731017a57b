import type { Target } from "../target.ts";

/**
 * Something that only one medium carries: a value for a structured clone, or, on byte streams,
 * bytes without a frame around them.
 */
export class Native {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A text, a binary frame, or something of the medium's own. */
export type Sendable = string | Uint8Array | Native;

/** An open connection in any medium, on which anything can be sent. */
export interface Connection {
  readonly isOpen: boolean;
  /** Bytes that were sent and that the medium, or the server, hasn't taken. */
  readonly bufferedAmount: number;
  send(message: Sendable): void;
  /** Closes the connection without a word. */
  terminate(): void;
}

/** Everything that happens to a connection. */
export interface ConnectionEvents {
  /** A message arrived, or several with newlines between them; `undefined` for a binary one. */
  message(text: string | undefined, bytes: number): void;
  /** The connection is over, by either side. Called once, after it was open. */
  closed(way: string): void;
}

/** Options of a connection. */
export interface ConnectionOptions {
  /** Ends the connection, or the attempt to open it. */
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether messages are read. Default `true`. Ports always are. */
  readonly reads?: boolean | undefined;
}

/** The parts of a target that a client connects to. */
export type Endpoints = Pick<Target, "ws" | "wt" | "port" | "localAddress">;

/** Opens a connection of the medium that a target's sessions have. */
export type Open = (
  target: Endpoints,
  events: ConnectionEvents,
  options: ConnectionOptions,
) => Promise<Connection>;
