import { describe, test } from "vitest";
import type { TransportSetup } from "./fixture.ts";
import { transportCompliance } from "./suite.ts";

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
    for (const each of transportCompliance(options)) test(each.name, each.run);
  });
}
