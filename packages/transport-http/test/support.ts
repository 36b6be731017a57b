import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { RpcTarget } from "@capnweb/core";
import { onTestFinished } from "vitest";
import { type NodeHttpBatchServerOptions, nodeHttpBatchRpcResponse } from "../src/index.ts";

export class Api extends RpcTarget {
  // Private, so that nothing of it can be reached from outside.
  readonly #disposed: string[];
  constructor(disposed: string[] = []) {
    super();
    this.#disposed = disposed;
  }
  add(a: number, b: number) {
    return a + b;
  }
  echo(value: unknown) {
    return value;
  }
  numbers(count: number) {
    return Array.from({ length: count }, (_, i) => i);
  }
  never() {
    return new Promise<never>(() => {});
  }
  async call(callback: () => unknown) {
    return await callback();
  }
  fail(): never {
    throw new TypeError("failed");
  }
  [Symbol.dispose]() {
    this.#disposed.push("main");
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An HTTP server, stopped when the test is over. */
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
