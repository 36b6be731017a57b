import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test, vi } from "vitest";
import { newMessagePortRpcSession } from "../src/index.ts";

const entry = fileURLToPath(new URL("../src/index.ts", import.meta.url));
const core = fileURLToPath(new URL("../../core/src/index.ts", import.meta.url));

/** The code of a worker whose main object adds, calls back, and fails on request. */
const CODE = `
const { parentPort } = require("node:worker_threads");
{
  require("tsx/cjs/api").register();
  const { newMessagePortRpcSession } = require(${JSON.stringify(entry)});
  const { RpcTarget } = require(${JSON.stringify(core)});
  class Main extends RpcTarget {
    add(a, b) { return a + b }
    async call(callback) { return await callback(20) }
    fail() { setImmediate(() => { throw new RangeError("out of range") }); return new Promise(() => {}) }
    exit() { process.exit(3) }
  }
  newMessagePortRpcSession(parentPort, new Main());
  const close = parentPort.close.bind(parentPort);
  parentPort.close = () => {
    parentPort.postMessage("closed");
    close();
  };
}
`;

function start(code = CODE) {
  const worker = new Worker(code, { eval: true });
  onTestFinished(() => void worker.terminate());
  return { worker, api: newMessagePortRpcSession<any>(worker) };
}

test("a session runs on a worker of node:worker_threads, and on its parentPort", async () => {
  const { api, worker } = start();
  expect(await api.add(1, 2)).toBe(3);
  expect(await api.call((value: number) => value + 1)).toBe(21);
  const closed = once(worker, "message");
  api[Symbol.dispose]();
  expect(await closed).toEqual(["closed"]);
});

test("pending calls fail with the error that ended the worker as the cause", async () => {
  const { api } = start();
  const error = await api.fail().then(undefined, (error: unknown) => error);
  expect(error).toMatchObject({
    code: "MESSAGE_PORT_CLOSED",
    message: "The worker failed: out of range",
    cause: expect.any(RangeError),
  });
});

test("pending calls fail if the worker exits", async () => {
  const { api } = start();
  await expect(api.exit()).rejects.toThrow("The worker exited with code 3.");
});

test("pending calls fail if the worker exited before the session", async () => {
  const { worker } = start("");
  await once(worker, "exit");
  await expect(newMessagePortRpcSession<any>(worker).add(1, 2)).rejects.toThrow(/has exited/);
});

test("a browser's worker ends the session if its script can't be loaded, but not by a later error", async () => {
  class BrowserWorker extends EventTarget {
    postMessage = vi.fn();
  }
  const broken = (api: any) => new Promise<any>((resolve) => api.onRpcBroken(resolve));
  const failing = new BrowserWorker();
  const reason = broken(newMessagePortRpcSession<any>(failing));
  failing.dispatchEvent(new Event("error"));
  expect((await reason).message).toBe("The worker didn't start: its script failed to load.");
  const running = new BrowserWorker();
  const api = newMessagePortRpcSession<any>(running, undefined, { announce: false });
  const sum = api.add(1, 2).then((value: number) => value);
  running.dispatchEvent(new MessageEvent("message", { data: ["push", 0] }));
  running.dispatchEvent(new Event("error"));
  running.dispatchEvent(new MessageEvent("message", { data: ["resolve", 1, 3] }));
  expect(await sum).toBe(3);
});
