import * as core from "@capnweb/core";
import type { Implementation } from "@capnweb/testkit";
import { testTransport } from "@capnweb/testkit/vitest";
import { describe } from "vitest";
import {
  type ByteStreams,
  ByteStreamTransport,
  newWebTransportRpcSession as newSession,
} from "../src/index.ts";
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

type Connect = (streams: ByteStreams, main: unknown) => unknown;

/** A session over a wrapper that sees every frame. */
const wrapped: Connect = (streams, main) => {
  const inner: core.Transport = new ByteStreamTransport({ ...streams, close() {} });
  const transport = core.wrapTransport(inner, {
    send: (frame) => inner.send(frame),
    receive: (frame, receiver) => receiver.receive(frame),
  });
  return core.startSession(transport, main);
};

describe.each<[string, Connect]>([
  ["as it is", newSession],
  ["wrapped", wrapped],
])("%s:", (_, start) => {
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
          start(far, createMain());
          return start(near, main);
        },
        cut,
        stop: cut,
      };
    },
  });
});
