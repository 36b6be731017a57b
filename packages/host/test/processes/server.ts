// A server that ends on signals. It is told the milliseconds that a drain may take. It prints its
// port once it listens, and the report of the drain.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { RpcTarget } from "@capnweb/core";
import { attachHost, closeOnSignals, RpcHost } from "../../src/node.ts";

/** The main object of the clients. */
export class Work extends RpcTarget {
  #finish: ((result: string) => void) | undefined;

  /** Takes until `finish` is called. */
  work() {
    return new Promise<string>((resolve) => {
      this.#finish = resolve;
    });
  }

  isWorking() {
    return this.#finish !== undefined;
  }

  finish(result: string) {
    this.#finish?.(result);
  }
}

const host = new RpcHost({ createMain: () => new Work() });
const server = createServer().listen(0, "127.0.0.1", () => {
  console.log((server.address() as AddressInfo).port);
});
attachHost(host, server, { path: "/api" });
closeOnSignals(host, {
  deadline: Number(process.argv[2]),
  servers: [server],
  onDrained: (report) => console.log(JSON.stringify(report)),
});
