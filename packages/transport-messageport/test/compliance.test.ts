import { MessageChannel } from "node:worker_threads";
import * as core from "@capnweb/core";
import type { Implementation } from "@capnweb/testkit";
import { testTransport } from "@capnweb/testkit/vitest";
import { describe } from "vitest";
import { MessagePortTransport, newMessagePortRpcSession } from "../src/index.ts";

type Connect = (port: MessagePort, main: unknown) => unknown;

/** A session over a wrapper that sees every message. */
const wrapped: Connect = (port, main) => {
  const inner = new MessagePortTransport(port);
  const transport = core.wrapTransport(inner, {
    send: (message) => inner.send(message),
    receive: (message, receiver) => receiver.receive(message),
  });
  return core.startSession(transport, main);
};

describe.each<[string, Connect]>([
  ["as it is", newMessagePortRpcSession],
  ["wrapped", wrapped],
])("%s:", (_, connect) => {
  testTransport("a MessagePort", {
    implementation: core as unknown as Implementation,
    timeout: 60_000,
    features: ["sessions", "cut"],
    setup({ createMain }) {
      const channels: MessageChannel[] = [];
      const cut = () => {
        for (const { port1 } of channels) port1.close();
      };
      return {
        connect(main) {
          const channel = new MessageChannel();
          channels.push(channel);
          connect(channel.port2 as never, createMain());
          return connect(channel.port1 as never, main);
        },
        cut,
        stop: cut,
      };
    },
  });
});
