import { describe, test } from "node:test";
import type { TransportSetup } from "./fixture.ts";
import { transportCompliance } from "./suite.ts";

/**
 * Registers the tests that a transport has to pass with Node's own test runner.
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
    for (const each of transportCompliance(options)) test(each.name, () => each.run());
  });
}
