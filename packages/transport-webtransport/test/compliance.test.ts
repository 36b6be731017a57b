import * as core from "@capnweb/core";
import type { Implementation } from "@capnweb/testkit";
import { testTransport } from "@capnweb/testkit/vitest";
import { newWebTransportRpcSession as newSession } from "../src/index.ts";
import { newWebTransportRpcSession, serveWebTransportRpc } from "../src/node.ts";
import { pairOfStreams } from "./support/pair.ts";
import { certificate, relay, trusting } from "./support/serve.ts";

const implementation = core as unknown as Implementation;

testTransport("WebTransport over HTTP/2", {
  implementation,
  timeout: 60_000,
  features: ["sessions", "cut"],
  async setup({ createMain }) {
    const { cert, privKey } = certificate;
    const options = { port: 0, host: "127.0.0.1", cert, privKey };
    const server = await serveWebTransportRpc(options, createMain);
    const between = await relay(server.address.port);
    return {
      connect: (main) =>
        newWebTransportRpcSession(`https://127.0.0.1:${between.port}/`, main, trusting),
      cut: () => between.cut(),
      async stop() {
        between.close();
        await server.close(0);
      },
    };
  },
});

testTransport("a pair of byte streams", {
  implementation,
  timeout: 60_000,
  features: ["sessions", "cut"],
  setup({ createMain }) {
    const cuts: (() => void)[] = [];
    const cut = () => {
      for (const each of cuts) each();
    };
    return {
      connect(main) {
        const { near, far, cut } = pairOfStreams();
        cuts.push(cut);
        newSession(far, createMain());
        return newSession(near, main);
      },
      cut,
      stop: cut,
    };
  },
});
