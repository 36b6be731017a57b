import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { describe, expect, test } from "vitest";
import { bundleProgram } from "../../../testing/bundle-program.ts";
import type { DrainReport } from "../src/node.ts";
import type { Work } from "./processes/server.ts";
import { broken } from "./support.ts";

const program = bundleProgram(new URL("processes/server.ts", import.meta.url));

/** A server in a process of its own, with a call under way. */
async function start(deadline: number, onTestFinished: (callback: () => void) => void) {
  const child = spawn(process.execPath, [program, String(deadline)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "exit");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value as string;
  const address = `127.0.0.1:${await next()}`;
  const open = () => newWebSocketRpcSession<Work>(`ws://${address}/api`);
  const api = open();
  // The result is asked for before the signal, because drains wait for requested results alone.
  const work = Promise.resolve(api.work());
  work.catch(() => {});
  expect(await api.isWorking()).toBe(true);
  return {
    child,
    api,
    work,
    open,
    status: async (path: string) => (await fetch(`http://${address}${path}`)).status,
    /** The report of the drain, the exit code, and the signal that ended the process. */
    async end() {
      const report = JSON.parse(await next()) as DrainReport;
      return { report, exit: await ended };
    },
  };
}

// They run at once, because a drain takes its whole time.
describe.concurrent("a process that is told to end", () => {
  test.for(["SIGTERM", "SIGINT"] as const)(
    "drains its host on %s, and exits with 0",
    async (signal, { expect, onTestFinished }) => {
      const { child, api, work, open, status, end } = await start(8_000, onTestFinished);
      expect(await status("/ready")).toBe(200);
      child.kill(signal);
      while ((await status("/ready")) === 200);
      expect(await broken(open())).toMatchObject({ status: 503 });
      // The call that is under way is answered, and the session goes on until its time is over.
      const reason = broken(api);
      await api.finish("done");
      expect(await work).toBe("done");
      expect(String(await reason)).toMatch(/1001/);
      const { report, exit } = await end();
      expect(report).toMatchObject({ sessions: 1, cut: 0, cutCalls: 0 });
      expect(exit).toEqual([0, null]);
    },
  );

  test("closes everything at once on a second signal", async ({ expect, onTestFinished }) => {
    const { child, work, status, end } = await start(600_000, onTestFinished);
    child.kill("SIGTERM");
    while ((await status("/ready")) === 200);
    child.kill("SIGTERM");
    await expect(work).rejects.toThrow(/1001/);
    const { report, exit } = await end();
    expect(report).toMatchObject({ sessions: 1, left: 0, closed: 0, cut: 1, cutCalls: 1 });
    expect(exit).toEqual([0, null]);
  });
});
