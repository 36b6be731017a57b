import type { Implementation } from "../implementation.ts";
import { runProgram } from "../program/run-program.ts";
import type { Notes, Step } from "../program/steps.ts";

/** A JavaScript client under test. */
export interface ClientUnderTest {
  readonly implementation: Implementation;
  /** The stub of the main object of the server at a `ws:` URL. */
  connect(url: string): any;
  /**
   * Resolves when the connection that was made last is open: nothing is settled before. Needed
   * where `quiet` may be over sooner than that. Default: at once.
   */
  readonly opened?: (() => Promise<unknown>) | undefined;
  /** Milliseconds after which a `settle` step takes it that nothing is under way. Default 100. */
  readonly quiet?: number | undefined;
  /** Milliseconds that a program may take. Default 5000. */
  readonly timeout?: number | undefined;
}

/**
 * Does what docs/conformance.md asks of a client: runs every scenario of a server that
 * `serveConformance` (or `capnweb-testkit serve`) started, and tells it when it is done.
 *
 * @param url the server's, `http:`
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

/** What a program noted; or, in place of that, why it has nothing to say. */
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
