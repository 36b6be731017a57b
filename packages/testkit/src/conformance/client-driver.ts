import type { Implementation } from "../implementation.ts";
import { runProgram } from "../program/run-program.ts";
import type { Notes, Step } from "../program/steps.ts";

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
  const scenarios = (await response.json()) as { id: string; program: Step[] }[];
  for (const { id, program } of scenarios) {
    const api = client.connect(`${url.replace(/^http/, "ws")}/run/${id}`);
    const settle = async () => {
      await client.opened?.();
      await new Promise((resolve) => setTimeout(resolve, quiet));
    };
    const notes = await notesOf(
      runProgram(program, { implementation, api, settle }),
      client.timeout ?? 5000,
    );
    await fetch(`${url}/notes/${id}`, { method: "POST", body: JSON.stringify(notes) });
    api[Symbol.dispose]();
  }
  await fetch(`${url}/done`, { method: "POST" });
}

/** The notes of a program, or the reason why it has none. */
async function notesOf(running: Promise<Notes>, timeout: number): Promise<Notes> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Notes>((resolve) => {
    timer = setTimeout(() => resolve([`the program was not over after ${timeout} ms`]), timeout);
  });
  try {
    return await Promise.race([running, late]);
  } catch (error) {
    return [`the program failed: ${error}`];
  } finally {
    clearTimeout(timer);
  }
}
