// Written out, not imported from `@cloudflare/workers-types`, because programs for other runtimes
// are compiled without them.

/** The part of workerd's `WebSocket` that survives the loss of its object's memory. */
export interface HibernatableWebSocket {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  /** Keeps a value, of which the runtime clones up to 2,048 bytes. */
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

/** The part of a Durable Object's `ctx` that hibernation needs. */
export interface HibernatableState {
  /** Accepts a WebSocket whose events go to the object's methods. */
  acceptWebSocket(socket: any, tags?: string[]): void;
  /** The WebSockets that were accepted and aren't over, whichever memory accepted them. */
  getWebSockets(): any[];
}

/** The connected pair of WebSockets that workerd makes. */
export type WebSocketPairClass = new () => { 0: unknown; 1: HibernatableWebSocket };
