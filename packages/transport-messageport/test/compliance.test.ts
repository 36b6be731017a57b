import { MessageChannel } from "node:worker_threads";
import * as core from "@capnweb/core";
import type { Implementation } from "@capnweb/testkit";
import { testTransport } from "@capnweb/testkit/vitest";
import { newMessagePortRpcSession } from "../src/index.ts";

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
        newMessagePortRpcSession(channel.port2 as never, createMain());
        return newMessagePortRpcSession(channel.port1 as never, main);
      },
      cut,
      stop: cut,
    };
  },
});
