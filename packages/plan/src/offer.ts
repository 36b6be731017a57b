import { isByReference } from "@capnweb/wire/internal";
import { PlanRunner } from "./runner.ts";
import { SERVICE } from "./service.ts";

/**
 * The member that {@link offerPlans} adds, for clients that prepare plans.
 *
 * @example
 * ```ts
 * using api = newWebSocketRpcSession<Api & OffersPlans>("wss://example.com/api");
 * using runner = await api.$plans;
 * const prepared = await overdue.prepare(runner);
 * ```
 */
export interface OffersPlans {
  readonly $plans: PlanRunner;
}

/**
 * Lets the client of a session run plans: a plan finds the runner in the property `$plans` of the
 * main object.
 *
 * @param main the session's main object, a target. Its prototype gets the property
 * @param runner may serve all sessions. Default: a runner of its own, with the default limits
 * @returns `main`
 * @throws TypeError for a main object that isn't a target or has the property already, and for a
 *   runner that isn't one
 *
 * @example
 * ```ts
 * const runner = new PlanRunner();
 * attachWebSocketRpc(server, () => offerPlans(new Api(), runner));
 * ```
 */
export function offerPlans<T extends object>(main: T, runner: PlanRunner = new PlanRunner()): T {
  if (!isByReference(main) || SERVICE in main) {
    throw new TypeError(`The main object must be an RpcTarget of its own, without ${SERVICE}.`);
  }
  if (!(runner instanceof PlanRunner)) {
    throw new TypeError("offerPlans() takes a PlanRunner after the main object.");
  }
  // An own property of a target can't be reached by a peer.
  const prototype: object = Object.create(Object.getPrototypeOf(main), {
    [SERVICE]: { get: () => runner, configurable: true },
  });
  return Object.setPrototypeOf(main, prototype);
}
