import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Report } from "./service.ts";
import type { SpanRecord } from "./span-tree.ts";

/** A service in a process of its own. */
export interface ServiceProcess {
  readonly name: string;
  /** The address of its server. */
  readonly url: string;
  /** The status and the text of a health check. */
  check(path: "/health" | "/ready"): Promise<string>;
  /** Tells the process to end, as a platform does before a new version starts. */
  terminate(): void;
  /** Waits for the process, and returns its spans. */
  ended(): Promise<SpanRecord[]>;
}

/**
 * Starts a service, and waits until it listens.
 *
 * @param environment the addresses of other services
 */
export async function start(
  name: string,
  environment: Record<string, string> = {},
): Promise<ServiceProcess> {
  const child = fork(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), {
    env: { ...process.env, ...environment },
  });
  const exited = once(child, "exit");
  const spans: SpanRecord[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    child.on("message", (report: Report) => {
      if ("url" in report) resolve(report.url);
      else spans.push(...report.spans);
    });
    exited.then(([code]) => reject(new Error(`The service ${name} ended with ${code}.`)), reject);
  });
  return {
    name,
    url,
    async check(path) {
      const response = await fetch(url + path);
      return `${response.status} ${(await response.text()).trim()}`;
    },
    terminate: () => void child.kill("SIGTERM"),
    async ended() {
      const [code] = await exited;
      if (code !== 0) throw new Error(`The service ${name} ended with ${code}.`);
      return spans;
    },
  };
}
