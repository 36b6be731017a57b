// What a project uses besides the compliance tests, for every runner.
import * as core from "@capnweb/core";
import {
  assertNoLeaks,
  createApplication,
  createMemoryLink,
  createScriptedPeer,
  transportCompliance,
} from "@capnweb/testkit";
import { loadScenarios, testServer, verdictOf } from "@capnweb/testkit/conformance";
import { cuttingProxy } from "@capnweb/testkit/proxy";
import { serveReference } from "@capnweb/testkit/reference";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import { WebSocket } from "ws";
import { options } from "./setup.mjs";

const failureOf = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

const expect = (isTrue, complaint) => {
  if (!isTrue) throw new Error(complaint);
};

export const checks = {
  async "leaks are found, and released stubs are none"() {
    const link = createMemoryLink();
    const server = new core.RpcSession(link.server, createApplication(core));
    const client = new core.RpcSession(link.client);
    const counter = await client.getRemoteMain().counter(1);
    const leak = await failureOf(assertNoLeaks([client, server], { within: 50 }));
    expect(leak?.code === "LEAK", `a stub that is held: ${leak}`);
    counter[Symbol.dispose]();
    await assertNoLeaks([client, server]);
  },

  async "a scripted peer speaks by hand"() {
    const link = createMemoryLink();
    const api = new core.RpcSession(link.client).getRemoteMain();
    const peer = createScriptedPeer(link.server);
    const sum = api.add(1, 2);
    sum.then(() => {});
    await peer.expect(["push", ["pipeline", 0, ["add"], [1, 2]]], ["pull", 1]);
    peer.send(["resolve", 1, 3]);
    expect((await sum) === 3, "the peer's answer");
  },

  async "a server goes through the conformance kit"() {
    const server = await serveReference();
    const options = { only: ["VAL-00*", "CAL-00*"], parallel: 4 };
    const results = await testServer(`ws://${server.address}/`, await loadScenarios(), options);
    await server.close();
    const ids = results.map(({ id }) => id);
    expect(ids.length === 18 && ids[0] === "VAL-001", `the order: ${ids}`);
    const failed = results.filter((each) => !["passed", "informational"].includes(verdictOf(each)));
    expect(failed.length === 0, `failures: ${failed.map(({ id, failure }) => `${id} ${failure}`)}`);
  },

  async "the proxy cuts a real connection"() {
    const server = await options.setup({ createMain: () => createApplication(core) });
    let connection;
    const proxy = await cuttingProxy({
      target: server.url,
      onConnection(each) {
        connection = each;
      },
    });
    const api = newWebSocketRpcSession(new WebSocket(proxy.url));
    const broken = new Promise((resolve) => api.onRpcBroken(resolve));
    expect((await api.add(1, 2)) === 3, "a call before the cut");
    connection.cut("reset");
    await broken;
    expect(await failureOf(Promise.resolve().then(() => api.add(3, 4))), "a call after the cut");
    await proxy.close();
    await server.stop();
  },

  async "a transport that misses a close fails within its own time limit"() {
    const silent = {
      ...options,
      timeout: 500,
      setup({ createMain }) {
        const link = createMemoryLink();
        link.client.close = () => {};
        link.server.close = () => {};
        new core.RpcSession(link.server, createMain());
        const connect = (main) => new core.RpcSession(link.client, main).getRemoteMain();
        return { connect, cut: () => link.cut(), stop() {} };
      },
    };
    const check = "fails what is under way when the connection breaks";
    const { run } = transportCompliance(silent).find(({ name }) => name === check);
    const failure = await failureOf(run());
    expect(failure?.code === "NOT_COMPLIANT", String(failure));
    expect(failure.message.includes("Waited 500 ms in vain"), failure.message);
  },
};
