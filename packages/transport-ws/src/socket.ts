/**
 * The part of the standard `WebSocket` that a transport needs. Browsers, Deno, Bun, workerd and
 * Node 22 have it, and so do the sockets of the `ws` package.
 */
export interface WebSocketLike {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes that `send` took but the network hasn't. */
  readonly bufferedAmount?: number;
  readonly url?: string;
  binaryType?: any;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: any, listener: (event: any) => void): void;
  /** Cuts the connection without a closing handshake. Sockets of `ws` have it. */
  terminate?(): void;
  /** Stops reading until `resume`. Sockets of `ws` have it. */
  pause?(): void;
  resume?(): void;
}

// Numbers of our own, because there may be no global WebSocket to read them from.
export const CONNECTING = 0;
export const OPEN = 1;
export const CLOSING = 2;
