import type { RpcStub } from "@capnweb/core";
import type { PlanRunner } from "../runner.ts";

/** The options of `plan()`. */
export interface PlanOptions {
  /** A name for people. `toString()` shows it. */
  readonly name?: string | undefined;
}

/** The options of one run of a plan. Unknown ones throw a `TypeError`. */
export interface RunOptions {
  /**
   * The runner to send the plan to. It stays yours. Default: the property `$plans` of the plan's
   * `api`, where `offerPlans()` puts it.
   */
  readonly runner?: RpcStub<PlanRunner> | undefined;
  /** Set it to `"runner"` for a plan that needs none, to have a runner run it. */
  readonly tier?: "runner" | undefined;
}

/** Refuses mistyped options: they would silently mean the default. */
export function requireKnown(options: object, names: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new TypeError(`A plan has no option "${name}", only ${names.join(" and ")}.`);
  }
}
