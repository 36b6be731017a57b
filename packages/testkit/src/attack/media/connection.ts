import type { Target } from "../target.ts";

/** A value for a structured clone, with parts that no text can say. */
export class Clone {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A text, a binary frame, or a value for media that carry values. */
export type Sendable = string | Uint8Array | Clone;

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
