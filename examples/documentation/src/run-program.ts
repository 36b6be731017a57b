import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, onTestFinished } from "vitest";
import { freePort } from "../../../scripts/free-port.mjs";
import { bundleProgram } from "../../../testing/bundle-program.ts";
import type { Program } from "./programs.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The WebTransport library may print this before it is told that HTTP/3 isn't installed. */
const NO_HTTP3 = /^Problem loading http3-quiche transport\nDid you install [^\n]*\n/;

/** Libraries that pages compare us with, and that their examples use. Node loads them itself. */
const LIBRARIES = [
  "@bufbuild/*",
  "@connectrpc/*",
  "@orpc/*",
  "@trpc/*",
  "birpc",
  "capnweb",
  "comlink",
  "socket.io",
  "socket.io-client",
  "zod",
];

export function replaceIn({ file }: Program, what: string, by: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(what, by));
}

/** Makes the programs use a free port, on the loopback interface alone. */
export async function onFreePort(...where: Program[]): Promise<void> {
  const port = await freePort();
  for (const program of where) {
    // The port of WebTransport, whose server listens on the loopback interface by default. It comes
    // first: the free port may have these digits.
    replaceIn(program, "4433", `${port}`);
    replaceIn(program, "listen(8080", `listen(${port}, "127.0.0.1"`);
    replaceIn(program, "port: 8080", `host: "127.0.0.1", port: ${port}`);
    replaceIn(program, "localhost:8080", `127.0.0.1:${port}`);
    // Node 20 has no WebSocket of its own; the README says so next to the import.
    replaceIn(program, `"@capnweb/transport-ws"; // "…/node"`, `"@capnweb/transport-ws/node"; //`);
  }
}

/** Starts Node with arguments, until the end of the test. */
export function start(...args: string[]) {
  const child = spawn(process.execPath, args, { cwd: ROOT });
  onTestFinished(() => void child.kill());
  return child;
}

export function startProgram({ file }: Program, directory: string) {
  // The kit reads files of its own package, which a bundle isn't in.
  if (readFileSync(file, "utf8").includes('"@capnweb/testkit'))
    return start("--import", "tsx", file);
  return start(bundleProgram(pathToFileURL(file), directory, LIBRARIES));
}

/** Returns the lines that a program printed once it has ended by itself. */
export async function printedUntilEnd(child: ChildProcessWithoutNullStreams): Promise<string[]> {
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const [status] = await once(child, "close");
  expect([status, errors.replace(NO_HTTP3, "")]).toEqual([0, ""]);
  return output.trimEnd().split("\n");
}
