import { describe, test } from "vitest";
import type { TransportSetup } from "./fixture.ts";
import { timeoutOf, transportCompliance } from "./suite.ts";

/**
 * Registers the tests that a transport has to pass with vitest.
 *
 * @param name names the transport in the titles of the tests
 *
 * @example
 * ```ts
 * const setup = ({ createMain }: ServedApplication) => startServer(createMain);
 * testTransport("my transport", { implementation, setup });
 * ```
 */
export function testTransport(name: string, options: TransportSetup): void {
  describe(name, () => {
    // Longer than setup, test and stop may take together, so that our failure, which names the
    // awaited event, comes first.
    const timeout = 4 * timeoutOf(options);
    for (const each of transportCompliance(options)) test(each.name, each.run, timeout);
  });
}
