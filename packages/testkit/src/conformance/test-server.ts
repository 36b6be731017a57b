import { isBatchUrl } from "./play-at.ts";
import type { ScenarioResult } from "./result.ts";
import type { Scenarios } from "./scenario.ts";
import { select } from "./select.ts";
import { ServerRun } from "./server-run.ts";
import type { ServerTestOptions } from "./server-test-options.ts";

/** The simplest scenario: an echo of a text. */
const ECHO = "VAL-002";

/**
 * Tests a server that offers the application of docs/conformance.md. Plays the client of each
 * scenario on a new connection, or, over HTTP, in a new request.
 *
 * @param url the server's `ws:`, `wss:`, `http:` or `https:` URL. Over HTTP, only scenarios that
 *   fit into a batch run
 * @param scenarios the scenarios, as `loadScenarios` returns them
 * @param options the selection, and the times that the server has
 * @returns the results, in the order of the scenarios
 * @throws UnreachableError if there is no server at the beginning
 *
 * @example
 * ```ts
 * const results = await testServer("ws://127.0.0.1:8787/api", await loadScenarios());
 * ```
 */
export async function testServer(
  url: string,
  scenarios: Scenarios,
  options: ServerTestOptions = {},
): Promise<ScenarioResult[]> {
  const all = [...scenarios.values()];
  const batch = isBatchUrl(url) || options.batch;
  const echo = all.find(({ id }) => id === ECHO);
  return await new ServerRun(url, options, echo).run(select(all, "server", { ...options, batch }));
}
