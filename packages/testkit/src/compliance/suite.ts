import { createApplication } from "../application/application.ts";
import { turns } from "../turns.ts";
import { CHECKS } from "./checks.ts";
import type { ComplianceTest, TransportFeature, TransportSetup } from "./fixture.ts";

const DEFAULT_FEATURES: readonly TransportFeature[] = ["sessions"];

/**
 * The tests that a transport has to pass, for any test runner; `@capnweb/testkit/vitest` and
 * `@capnweb/testkit/node-test` hand them to theirs.
 *
 * @example
 * ```ts
 * for (const { name, run } of transportCompliance({ implementation, setup })) test(name, run);
 * ```
 */
export function transportCompliance(options: TransportSetup): ComplianceTest[] {
  const { implementation, features = DEFAULT_FEATURES } = options;
  return CHECKS.filter(({ needs }) => needs.every((each) => features.includes(each))).map(
    ({ name, run }) => ({
      name,
      async run() {
        const events: string[] = [];
        const createMain = () => createApplication(implementation, events);
        const fixture = await options.setup({ createMain });
        try {
          await run({ fixture, events, until });
        } finally {
          await fixture.stop();
        }
      },
    }),
  );
}

/** The runner's time limit is the only one. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turns(1);
}
