// Our implementation in other runtimes than this process, as contestants of the matrix.
import { serveConformance, testServer } from "@capnweb/testkit/conformance";
import { bundle } from "../runtimes/bundle.mjs";
import { Clients } from "../runtimes/clients.mjs";
import { CLIENTS, Runtimes, SERVERS } from "../runtimes/runtimes.mjs";
import { startServer } from "../runtimes/servers.mjs";

export class OtherRuntimes {
  #directory;
  #runtimes;
  #clients;

  /** @param directory a temporary directory, in which runtimes are installed */
  constructor(directory) {
    this.#directory = directory;
    this.#runtimes = new Runtimes(directory);
    this.#clients = new Clients(this.#runtimes, directory);
  }

  /** Installs the runtimes, and bundles their programs. Blocks the thread meanwhile. */
  async prepare() {
    await bundle(this.#directory);
    for (const runtime of SERVERS) this.#runtimes.install(runtime);
  }

  /** All runtimes as servers, over both media, and as clients. */
  contestants() {
    const servers = SERVERS.flatMap((runtime) => [
      this.#server(runtime, "WebSocket", "ws"),
      this.#server(runtime, "HTTP batch", "http"),
    ]);
    return [...servers, ...CLIENTS.map((runtime) => this.#client(runtime))];
  }

  async close() {
    await this.#clients.close();
  }

  #server(runtime, medium, scheme) {
    return {
      implementation: nameOf(runtime),
      side: "server",
      medium,
      run: async (scenarios, options) => {
        const { address, stop } = await startServer(this.#runtimes, runtime, this.#directory);
        try {
          const url = `${scheme}://${address}/conformance`;
          return await testServer(url, [...scenarios.values()], options);
        } finally {
          await stop();
        }
      },
    };
  }

  #client(runtime) {
    return {
      implementation: nameOf(runtime),
      side: "client",
      medium: "WebSocket",
      run: async (scenarios, options) => {
        const server = await serveConformance(scenarios, options);
        try {
          const printed = await this.#clients.run(runtime, "conformance-client", server.url);
          if (printed !== "done") throw new Error(`The client in ${runtime} failed: ${printed}`);
          return await server.done;
        } finally {
          await server.close();
        }
      },
    };
  }
}

const NAMES = { node: "Node", bun: "Bun", deno: "Deno", chromium: "Chromium" };

function nameOf(runtime) {
  const [name, ...version] = runtime.split(" ");
  return `@capnweb, ${[NAMES[name] ?? name, ...version].join(" ")}`;
}
