import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as core from "@capnweb/core";
import type { Implementation } from "@capnweb/testkit";
import { testTransport } from "@capnweb/testkit/vitest";
import { newHttpBatchRpcSession, nodeHttpBatchRpcResponse } from "../src/index.ts";

testTransport("an HTTP batch", {
  implementation: core as unknown as Implementation,
  timeout: 60_000,
  features: [],
  async setup({ createMain }) {
    const http = createServer((request, response) => {
      void nodeHttpBatchRpcResponse(request, response, createMain());
    }).listen(0, "127.0.0.1");
    await once(http, "listening");
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
    return {
      connect: () => newHttpBatchRpcSession(url),
      stop() {
        http.closeAllConnections();
        http.close();
      },
    };
  },
});
