import { createApplication } from "../application/application.ts";
import { CHECKS, type Check } from "./checks.ts";
import type {
  ComplianceTest,
  TransportFeature,
  TransportFixture,
  TransportSetup,
} from "./fixture.ts";
import { TimeLimit } from "./time-limit.ts";

const DEFAULT_FEATURES: readonly TransportFeature[] = ["sessions"];
const DEFAULT_TIMEOUT = 10_000;

/**
 * The tests that a transport has to pass, for any test runner. `@capnweb/testkit/vitest` and
 * `@capnweb/testkit/node-test` hand them to theirs. Each test ends within its own time limit.
 *
 * @example
 * ```ts
 * for (const { name, run } of transportCompliance({ implementation, setup })) test(name, run);
 * ```
 */
export function transportCompliance(options: TransportSetup): ComplianceTest[] {
  const { features = DEFAULT_FEATURES } = options;
  return CHECKS.filter(({ needs }) => needs.every((each) => features.includes(each))).map(
    (check) => ({ name: check.name, run: () => runCheck(check, options) }),
  );
}

/** Milliseconds that a test of a transport may take. */
export function timeoutOf({ timeout = DEFAULT_TIMEOUT }: TransportSetup): number {
  return timeout;
}

async function runCheck({ name, run }: Check, options: TransportSetup): Promise<void> {
  const events: string[] = [];
  const createMain = () => createApplication(options.implementation, events);
  const timeout = timeoutOf(options);
  const fixture = await start(() => options.setup({ createMain }), timeout);
  const failures: unknown[] = [];
  const limit = new TimeLimit(timeout, `the check "${name}": an answer, or the end of a call`);
  await limit.during(() => run({ fixture, events, limit })).catch((error) => failures.push(error));
  await new TimeLimit(timeout, "stop() of the fixture")
    .during(() => fixture.stop())
    .catch((error) => failures.push(error));
  // Throws the first failure, because it may be why a server doesn't stop.
  if (failures.length > 0) throw failures[0];
}

/** Starts a server. A server that starts too late is still stopped. */
async function start(
  setup: () => Promise<TransportFixture> | TransportFixture,
  timeout: number,
): Promise<TransportFixture> {
  const starting = Promise.resolve().then(setup);
  let isLate = false;
  starting.then((fixture) => (isLate ? fixture.stop() : undefined)).catch(() => {});
  return await new TimeLimit(timeout, "setup() of the fixture")
    .during(() => starting)
    .catch((error) => {
      isLate = true;
      throw error;
    });
}
