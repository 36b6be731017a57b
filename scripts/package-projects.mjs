// Parts of scripts/test-packages.mjs: compilers, a server to call, and a page without a browser.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { root } from "./packages.mjs";

const core = join(root, "packages", "core", "node_modules");
export const installedCompilers = {
  "TypeScript 5.9": join(core, "typescript-5.9", "bin", "tsc"),
  "TypeScript 7": join(root, "node_modules", "typescript", "bin", "tsc"),
};

const requireHere = createRequire(join(root, "packages/transport-ws/package.json"));
const { WebSocket } = requireHere("ws");

/** Starts a server with an object that greets, which the packages of a project serve. */
export async function greetingServer(project) {
  const installed = (name) => import(join(project, "node_modules/@capnweb", name));
  const { RpcTarget } = await installed("core/dist/index.js");
  const { attachWebSocketRpc } = await installed("transport-ws/dist/node.js");
  class Api extends RpcTarget {
    greet(name) {
      return `Hello, ${name}!`;
    }
  }
  const server = createServer();
  attachWebSocketRpc(server, () => new Api());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `ws://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Evaluates a bundle as a classic script, with the globals of a page that it needs. */
export async function evaluate(code, serverUrl) {
  const page = { WebSocket, URL, performance, setTimeout, clearTimeout, queueMicrotask, serverUrl };
  const context = createContext(page);
  runInContext(code, context);
  assert.equal(String(await context.greetings), "Hello, memory!,Hello, socket!");
}
