import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { RpcTarget } from "@capnweb/core";
import { onTestFinished } from "vitest";
import { createApi } from "../../../testing/api.ts";

export { failure } from "../../../testing/outcomes.ts";

import {
  type HttpBatchServerOptions,
  type NodeHttpBatchServerOptions,
  newHttpBatchRpcResponse,
  nodeHttpBatchRpcResponse,
} from "../src/index.ts";

export class Api extends createApi(RpcTarget) {
  readonly #disposed: string[];
  constructor(disposed: string[] = []) {
    super(disposed);
    this.#disposed = disposed;
  }
  size(text: string) {
    return text.length;
  }
  /** Keeps the process busy for `duration` milliseconds. */
  work(duration: number) {
    const end = performance.now() + duration;
    while (performance.now() < end);
    this.#disposed.push("worked");
  }
  soon() {
    return new Promise<string>((resolve) => {
      setTimeout(resolve, 20, "soon");
    });
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * Starts an HTTP server, which stops when the test is over.
 *
 * @returns its URL
 */
export async function listen(handler: Handler) {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A batch of one call, as a body. */
export const bodyOf = (method: string, ...args: unknown[]) =>
  `["push",["pipeline",0,["${method}"],${JSON.stringify(args)}]]\n["pull",1]`;

/** Both kinds of servers of batches, behind one function that sends requests to them. */
export const SERVERS = {
  async node(options?: NodeHttpBatchServerOptions) {
    const { url, disposed } = await serve(options);
    return { disposed, ask: (init: RequestInit) => fetch(url, init) };
  },
  async fetch(options?: HttpBatchServerOptions) {
    const disposed: string[] = [];
    const ask = (init: RequestInit) => {
      const request = new Request("http://server.invalid/", init);
      return newHttpBatchRpcResponse(request, new Api(disposed), options);
    };
    return { disposed, ask };
  },
};

/** The names of {@link SERVERS}. */
export const KINDS = ["node", "fetch"] as const;

/** A server of batches. */
export async function serve(options?: NodeHttpBatchServerOptions) {
  const disposed: string[] = [];
  let requests = 0;
  const url = await listen((request, response) => {
    requests++;
    void nodeHttpBatchRpcResponse(request, response, new Api(disposed), options);
  });
  return { url, disposed, requests: () => requests };
}
