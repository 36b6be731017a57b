import { describe, test } from "vitest";
import type { TransportSetup } from "./fixture.ts";
import { timeoutOf, transportCompliance } from "./suite.ts";

/**
 * Has vitest run the tests that a transport has to pass.
 *
 * @example
 * ```ts
 * testTransport("my transport", { implementation, setup: ({ createMain }) => startServer(createMain) });
 * ```
 */
export function testTransport(name: string, options: TransportSetup): void {
  describe(name, () => {
    // More than setup, test and stop may take together, so that the failure says what was waited
    // for.
    const timeout = 4 * timeoutOf(options);
    for (const each of transportCompliance(options)) test(each.name, each.run, timeout);
  });
}
