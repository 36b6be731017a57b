import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { serveRecording } from "../proxy/file-server.ts";
import { inspectorProxy } from "../proxy/inspector-proxy.ts";
import { recordFile } from "../recording/record-file.ts";

const USAGE = `Shows the calls, capabilities, streams and errors of Cap'n Web sessions.

  npx @capnweb/inspector ws://localhost:8787/api    a proxy in front of a server
  npx @capnweb/inspector recording.jsonl            a recorded file

  --port 8790          the port to listen on, on 127.0.0.1 (default: any that is free)
  --record file.jsonl  writes what the proxy records to a file
  --help               this text
`;

const OPTIONS = {
  port: { type: "string" },
  record: { type: "string" },
  help: { type: "boolean" },
} as const;

/**
 * Runs the command until it is interrupted.
 *
 * @returns the exit code
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: OPTIONS,
      allowPositionals: true,
    });
    const [target, ...rest] = positionals;
    if (values.help || target === undefined || rest.length > 0) {
      (values.help ? process.stdout : process.stderr).write(USAGE);
      return values.help ? 0 : 2;
    }
    const port = values.port === undefined ? 0 : portOf(values.port);
    if (/^https?:\/\//.test(target)) {
      throw new TypeError(`Give the URL of the WebSockets: ${target.replace("http", "ws")}`);
    }
    if (/^wss?:\/\//.test(target)) await proxy(target, port, values.record);
    else await show(target, port);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new TypeError(`--port has to be a number from 0 to 65535, not "${text}".`);
}

async function proxy(target: string, port: number, path: string | undefined): Promise<void> {
  const running = await inspectorProxy(target, { port });
  try {
    const end = path === undefined ? undefined : recordFile(running.recorder, path, target);
    process.stdout.write(
      `Connect clients to ${running.url} in place of ${target}\nPage: ${running.pageUrl}\n`,
    );
    await interrupted();
    await running.close();
    await end?.();
  } finally {
    await running.close();
  }
}

async function show(path: string, port: number): Promise<void> {
  const page = await serveRecording(await readFile(path, "utf8"), path, port);
  if (page.unreadable > 0) process.stderr.write(`${page.unreadable} lines can't be read.\n`);
  process.stdout.write(`Page: ${page.pageUrl}\n`);
  await interrupted();
  page.close();
}

function interrupted(): Promise<unknown> {
  return Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}
