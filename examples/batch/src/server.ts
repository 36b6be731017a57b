import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { newNodeHttpBatchRpcHandler } from "@capnweb/transport-http";
import { Blog } from "./blog.ts";

/**
 * Serves the blog by HTTP batches on a free port of this machine, and counts the requests.
 *
 * @param latency milliseconds by which each request is late, as over a network
 */
export async function serve(latency: number) {
  const handler = newNodeHttpBatchRpcHandler(() => new Blog());
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests++;
    await wait(latency);
    await handler(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The number of requests since the last call. */
    takeRequests(): number {
      const count = requests;
      requests = 0;
      return count;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
