import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RpcStub } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../../scripts/free-port.mjs";
import { bundleProgram } from "../../../testing/bundle-program.ts";
import { KeptCapability } from "../src/client/index.ts";
import { generateSecret } from "../src/index.ts";
import type { Api } from "./processes/server.ts";

const program = bundleProgram(new URL("processes/server.ts", import.meta.url));

/** A server that is started again with the same file, secret and port. */
async function newServer() {
  const directory = mkdtempSync(join(tmpdir(), "capnweb-durable-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const secret = generateSecret();
  const port = await freePort();
  return async (password: string) => {
    const settings = [join(directory, "revocations.db"), secret, `${port}`, password];
    const child = spawn(process.execPath, [program, ...settings], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const ended = once(child, "exit").then(() => Promise.reject(new Error("The server ended.")));
    await Promise.race([once(child.stdout, "data"), ended]);
    ended.catch(() => {});
    const api = newWebSocketRpcSession<Api>(`ws://127.0.0.1:${port}`);
    return {
      api,
      pid: child.pid,
      async crash() {
        const gone = once(child, "exit");
        child.kill("SIGKILL");
        await gone;
        api[Symbol.dispose]();
      },
    };
  };
}

/** A room that a login gives, and its token. */
function keepRoom() {
  const room = new KeptCapability<{ title(): string }, Api>((api) => api.login("secret").room(42));
  return {
    async title(api: RpcStub<Api>) {
      const before = room.token;
      using stub = await room.obtain(api);
      await vi.waitUntil(() => room.token !== before);
      return await stub.title();
    },
    room,
  };
}

test("a client has its capability again after its server crashed, without another login", async () => {
  const start = await newServer();
  const [kept, other] = [keepRoom(), keepRoom()];

  const first = await start("secret");
  expect(await kept.title(first.api)).toBe(`room 42 in process ${first.pid}`);
  await other.title(first.api);
  await first.crash();

  // This server has no login.
  const second = await start("another password");
  expect(await kept.title(second.api)).toBe(`room 42 in process ${second.pid}`);
  await second.api.revoke(other.room.token!.token);
  await second.crash();

  const third = await start("another password");
  await expect(other.room.obtain(third.api)).rejects.toThrow("Wrong password.");
  expect(await kept.title(third.api)).toBe(`room 42 in process ${third.pid}`);
  await third.api.revokeOwner("ada");
  await third.crash();

  const fourth = await start("another password");
  await expect(kept.room.obtain(fourth.api)).rejects.toThrow("Wrong password.");
  await fourth.crash();
}, 300_000);
