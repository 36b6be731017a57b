// Written out rather than imported from `node:http`: programs for browsers are compiled without its
// types.

/** A header's value, as Node takes it. */
export type NodeHeaderValue = number | string | readonly string[];

/** As much of Node's `net.Socket` as a batch needs. */
export interface NodeSocket {
  readonly remoteAddress?: string | undefined;
  readonly destroyed?: boolean | undefined;
  on(event: "close", listener: () => void): unknown;
  off(event: "close", listener: () => void): unknown;
  setMaxListeners?(count: number): unknown;
}

/** As much of Node's `http.IncomingMessage` as a batch needs. */
export interface NodeHttpRequest {
  readonly method?: string | undefined;
  readonly httpVersionMajor?: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket?: NodeSocket | undefined;
  readonly readableEnded: boolean;
  readonly destroyed: boolean;
  on(event: "data" | "end" | "error" | "close", listener: (value: any) => void): this;
  pause(): unknown;
  resume(): unknown;
}

/** As much of Node's `http.ServerResponse` as a batch needs. */
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
