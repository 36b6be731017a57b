import { type CallSession, findCurrentCall, RpcTarget } from "@capnweb/core";
import { checkOptions, optionRules } from "@capnweb/core/options";
import { PlanError, PlanLimitError } from "./errors.ts";
import { asList } from "./read/fields.ts";
import { readPlan } from "./read/read-plan.ts";
import { Account } from "./run/account.ts";
import { execute } from "./run/execute.ts";
import { Holder } from "./run/holder.ts";
import { NESTED, type NestedRun } from "./run/nested.ts";
import { PreparedPlans } from "./run/prepared.ts";
import { compile, type Program } from "./run/program.ts";
import { type Inputs, Run } from "./run/run.ts";
import { PROCESS, SessionWork } from "./run/session-work.ts";
import { type PlanLimits, resolvePlanLimits } from "./shape/limits.ts";
import type { PlanJson } from "./shape/plan-json.ts";

/** A session as a runner knows it. */
interface Client {
  readonly work: SessionWork;
  readonly holder: Holder;
}

/** The options of a {@link PlanRunner}. */
export interface PlanRunnerOptions {
  /** Limits that differ from `DEFAULT_PLAN_LIMITS`. */
  readonly limits?: Partial<PlanLimits> | undefined;
}

/**
 * Runs plans for peers. A plan reaches what its sender reaches: the capabilities that it passes,
 * and those that it gets from them. A runner alone gives no access to anything.
 *
 * One runner serves any number of sessions. Put it where clients find it: `offerPlans()` puts it
 * into the property `$plans` of a main object.
 *
 * @throws TypeError for an unknown limit or a wrong value
 *
 * @example
 * ```ts
 * const runner = new PlanRunner({ limits: { maxTime: 2_000 } });
 * attachWebSocketRpc(server, () => offerPlans(new Api(), runner));
 * ```
 */
export class PlanRunner extends RpcTarget {
  readonly #limits: PlanLimits;
  readonly #prepared: PreparedPlans;
  readonly #sessions = new WeakMap<CallSession, Client>();
  /** This process itself. */
  readonly #local: Client = { work: new SessionWork(), holder: new Holder() };

  constructor(options: PlanRunnerOptions = {}) {
    super();
    checkOptions<PlanRunnerOptions>("new PlanRunner()", options, { limits: optionRules.object });
    this.#limits = resolvePlanLimits(options.limits);
    this.#prepared = new PreparedPlans(this.#limits);
  }

  /**
   * Runs a plan.
   *
   * @param plan the wire shape; it is checked as a whole before anything runs
   * @param params any value, to which the plan refers by paths
   * @param captures values to which the plan refers by their index. The first is the plan's `api`
   * @returns the plan's result. The caller owns the capabilities in it
   * @throws PlanError for a plan that is invalid, or a failure by a rule of plans
   * @throws LimitError for a plan that goes over a limit, after all of it was stopped
   */
  async run(plan: PlanJson, params?: unknown, captures: readonly unknown[] = []): Promise<unknown> {
    return this.#start(() => this.#compile(plan), params, captures);
  }

  /**
   * Keeps a plan, so that it can be run by its hash. The runner may forget it.
   *
   * @returns the hash for {@link runPrepared}
   * @throws PlanError, LimitError as {@link run} does for a plan that it doesn't run
   */
  async prepare(plan: PlanJson): Promise<string> {
    const { holder } = this.#clientOf(findCurrentCall()?.session);
    return this.#prepared.add(plan, this.#compile(plan), holder);
  }

  /**
   * Runs a prepared plan.
   *
   * @param hash the result of {@link prepare}
   * @throws PlanError `PLAN_UNKNOWN` for a plan that was never prepared, or was forgotten. Nothing
   *   was run
   */
  async runPrepared(
    hash: string,
    params?: unknown,
    captures: readonly unknown[] = [],
  ): Promise<unknown> {
    return this.#start(({ holder }) => this.#find(hash, holder), params, captures);
  }

  #compile(plan: unknown): Program {
    return compile(readPlan(plan, this.#limits));
  }

  #find(hash: unknown, holder: Holder): Program {
    const program = this.#prepared.find(hash, holder);
    if (program) return program;
    throw new PlanError(
      "PLAN_UNKNOWN",
      "The runner has no prepared plan of this hash. Send the plan.",
    );
  }

  async #start(
    programOf: (client: Client) => Program,
    params: unknown,
    captures: unknown,
  ): Promise<unknown> {
    const context = findCurrentCall();
    const client = this.#clientOf(context?.session);
    const { work } = client;
    if (work.runs >= this.#limits.maxRuns) throw new PlanLimitError(this.#limits, "maxRuns");
    const program = programOf(client);
    const inputs = inputsOf(program, params, captures);
    PROCESS.begin(work);
    const account = new Account(this.#limits, work, context?.signal);
    try {
      account.hold(program.size);
      return await execute(new Run(account, inputs, 0, context), program);
    } finally {
      account.end();
      PROCESS.end(work);
    }
  }

  #clientOf(session: CallSession | undefined): Client {
    if (!session) return this.#local;
    const known = this.#sessions.get(session);
    if (known) return known;
    const client: Client = { work: new SessionWork(), holder: new Holder() };
    this.#sessions.set(session, client);
    session.onClose(() => this.#prepared.leave(client.holder));
    return client;
  }

  /** The method that a plan calls, unless a class derived from this one has its own. */
  [NESTED](member: string): NestedRun | undefined {
    const own = this[member as "run"];
    if (own !== PlanRunner.prototype[member as "run"]) return undefined;
    return async (outer, [plan, params, captures = []]) => {
      const { holder } = this.#clientOf(outer.context?.session);
      if (member === "runPrepared") {
        return runInside(outer, this.#find(plan, holder), params, captures);
      }
      const program = this.#compile(plan);
      // Checking a plan takes about as long as a step for each operation.
      outer.account.spend(program.operations);
      if (member === "prepare") return this.#prepared.add(plan, program, holder);
      return runInside(outer, program, params, captures);
    };
  }
}

/** Runs a plan as a part of another. */
async function runInside(
  outer: Run,
  program: Program,
  params: unknown,
  captures: unknown,
): Promise<unknown> {
  const { account } = outer;
  const nesting = outer.nesting + 1;
  if (nesting > account.limits.maxNesting) account.exceed("maxNesting");
  const inputs = inputsOf(program, params, captures);
  account.hold(program.size);
  return execute(new Run(account, inputs, nesting, outer.context), program);
}

function inputsOf(program: Program, params: unknown, captures: unknown): Inputs {
  const list = asList(captures, "captures");
  if (list.length >= program.captures) return { params, captures: list };
  throw new PlanError(
    "PLAN_CAPTURE",
    `The plan uses ${program.captures} captures, and was passed ${list.length}. The first is the ` +
      "plan's api. Give the others to planFrom().",
  );
}
