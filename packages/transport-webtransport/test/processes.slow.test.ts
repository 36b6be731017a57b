import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { bundleProgram } from "../../../testing/bundle-program.ts";
import { newWebTransportRpcSession } from "../src/node.ts";
import type { Api } from "./support/api.ts";
import { broken, certificate, serve } from "./support/serve.ts";

const KEEP_ALIVE = { interval: 100, timeout: 5_000 };

/** Runs a program of `processes/`, which prints a line of JSON once it is ready. */
async function run(
  program: string,
  argument: unknown,
): Promise<{ child: ChildProcess; said: any }> {
  const file = bundleProgram(new URL(`processes/${program}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, JSON.stringify(argument)], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(createInterface(child.stdout!), "line");
  return { child, said: JSON.parse(line) };
}

test("loading the library prints nothing, whatever packages are missing", async () => {
  const loads = 'await (await import("./src/node/library.ts")).loadLibrary()';
  const args = ["--import", "tsx", "--input-type=module", "--eval", loads];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  expect(await once(child, "close")).toEqual([0, null]);
  expect(output).toBe("");
});

async function clientOfProcess() {
  const { child, said } = await run("server", KEEP_ALIVE);
  const api: any = newWebTransportRpcSession<Api>(said.url, undefined, {
    serverCertificateHashes: [{ algorithm: "sha-256", value: Uint8Array.from(said.hash) }],
    keepAlive: KEEP_ALIVE,
  });
  await api.add(1, 1);
  return { child, api };
}

async function serverOfProcess() {
  const served = await serve({ keepAlive: KEEP_ALIVE });
  const hash = [...(certificate.hash.value as Uint8Array)];
  const { child } = await run("client", { url: served.url, hash, keepAlive: KEEP_ALIVE });
  const bystander = served.open({ keepAlive: KEEP_ALIVE });
  await bystander.add(1, 1);
  expect(served.server.sessionCount).toBe(2);
  return { ...served, child, bystander };
}

describe("a server process", () => {
  test("that is killed breaks its clients' sessions", async () => {
    const { child, api } = await clientOfProcess();
    const pending = api.never().catch((error: unknown) => error);
    child.kill("SIGKILL");
    expect(await pending).toMatchObject({
      code: "WEBTRANSPORT_CLOSED",
      message: "The WebTransport connection was lost.",
    });
  });

  test("that is stopped breaks its clients' sessions after the keep-alive's timeout", async () => {
    const { child, api } = await clientOfProcess();
    const pending = api.never().catch((error: unknown) => error);
    child.kill("SIGSTOP");
    expect(await pending).toMatchObject({
      code: "WEBTRANSPORT_CLOSED",
      message: "The peer has sent nothing for 5100 ms: it is stopped, or gone (keepAlive).",
    });
    await expect(api.add(1, 1)).rejects.toThrow("sent nothing for 5100 ms");
  });

  test("that is stopped while clients send to it breaks their sessions as well", async () => {
    const { child, api } = await clientOfProcess();
    child.kill("SIGSTOP");
    const reason = broken(api);
    api.echo("x".repeat(20_000_000)).then(null, () => {});
    expect((await reason).code).toBe("WEBTRANSPORT_CLOSED");
  });
});

describe("a client process", () => {
  test("that is killed ends its own session only", async () => {
    const { child, server, disposed, bystander } = await serverOfProcess();
    child.kill("SIGKILL");
    await vi.waitFor(() => expect(server.sessionCount).toBe(1));
    expect(disposed).toEqual(["main"]);
    expect(await bystander.add(1, 2)).toBe(3);
  });

  test("that is stopped ends its own session only, after the keep-alive's timeout", async () => {
    const { child, server, disposed, bystander } = await serverOfProcess();
    child.kill("SIGSTOP");
    await vi.waitFor(() => expect(disposed).toEqual(["main"]));
    await vi.waitFor(() => expect(server.sessionCount).toBe(1));
    expect(await bystander.add(1, 2)).toBe(3);
  });

  test("that is stopped delays the server's closing by no more than allowed", async () => {
    const { child, server } = await serverOfProcess();
    child.kill("SIGSTOP");
    await server.close(100);
    expect(server.sessionCount).toBe(0);
  });
});
