// Written out, not imported from `node:http`, because programs for browsers are compiled without
// Node's types.

/** A header's value, as Node takes it. */
export type NodeHeaderValue = number | string | readonly string[];

/** The part of Node's `net.Socket` that a batch needs. */
export interface NodeSocket {
  readonly remoteAddress?: string | undefined;
  readonly destroyed?: boolean | undefined;
  on(event: "close", listener: () => void): unknown;
  off(event: "close", listener: () => void): unknown;
  setMaxListeners?(count: number): unknown;
}

/**
 * The part of Node's `http.IncomingMessage` that a batch needs; also satisfied by
 * `http2.Http2ServerRequest`.
 */
export interface NodeHttpRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersionMajor?: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket?: NodeSocket | undefined;
  readonly readableEnded: boolean;
  readonly destroyed: boolean;
  on(event: "data" | "end" | "error" | "close", listener: (value: any) => void): this;
  pause(): unknown;
  resume(): unknown;
}

/**
 * The part of Node's `http.ServerResponse` that a batch needs; also satisfied by
 * `http2.Http2ServerResponse`.
 */
export interface NodeHttpResponse {
  statusCode: number;
  readonly destroyed: boolean;
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  readonly socket?: unknown;
  once(event: "close", listener: () => void): unknown;
  setHeader(name: string, value: NodeHeaderValue): unknown;
  writeHead(status: number, headers?: any): unknown;
  end(body: string): unknown;
  destroy?(): unknown;
}
