import type { Implementation } from "../implementation.ts";
import { runProgram } from "../program/run-program.ts";
import type { Notes, Step } from "../program/steps.ts";
import { ConformanceError } from "./errors.ts";
import { inTime } from "./time-limit.ts";

/** A JavaScript client under test. */
export interface ClientUnderTest {
  /** The implementation that the client is built on. */
  readonly implementation: Implementation;
  /**
   * Connects to a server.
   *
   * @param url the server's `ws:` URL
   * @returns the stub of the server's main object
   */
  connect(url: string): any;
  /**
   * Resolves when the latest connection is open. Needed if opening can take longer than `quiet`,
   * because a `settle` step would otherwise end too early. Default: at once.
   */
  readonly opened?: (() => Promise<unknown>) | undefined;
  /** Milliseconds without messages after which a `settle` step ends. Default 100. */
  readonly quiet?: number | undefined;
  /** Milliseconds that a program may take. Default 5000. */
  readonly timeout?: number | undefined;
}

/**
 * Runs a client through every scenario of a server that `serveConformance` (or
 * `capnweb-testkit serve`) started, and tells the server when it is done. It does the part of the
 * client in docs/conformance.md.
 *
 * @param url the server's `http:` URL
 * @param client the client under test
 * @throws ConformanceError if the server is none of the kit
 *
 * @example
 * ```ts
 * await runScenarios("http://127.0.0.1:8080", {
 *   implementation,
 *   connect: (url) => newWebSocketRpcSession(url),
 * });
 * ```
 */
export async function runScenarios(url: string, client: ClientUnderTest): Promise<void> {
  const { implementation, quiet = 100 } = client;
  const response = await fetch(`${url}/scenarios`);
  if (!response.ok) {
    throw new ConformanceError(`${url} isn't a conformance kit: /scenarios has ${response.status}`);
  }
  const scenarios = (await response.json()) as { id: string; program: Step[] }[];
  for (const { id, program } of scenarios) {
    const api = client.connect(`${url.replace(/^http/, "ws")}/run/${id}`);
    const settle = async () => {
      await client.opened?.();
      await new Promise((resolve) => setTimeout(resolve, quiet));
    };
    const run = () => runProgram(program, { implementation, api, settle });
    const notes = await inTime(run, client.timeout ?? 5000, "the program").catch(reasonIn);
    await fetch(`${url}/notes/${id}`, { method: "POST", body: JSON.stringify(notes) });
    api[Symbol.dispose]();
  }
  await fetch(`${url}/done`, { method: "POST" });
}

/** Notes that tell the reason why a program has none. */
function reasonIn(error: unknown): Notes {
  return [error instanceof ConformanceError ? error.message : `the program failed: ${error}`];
}
