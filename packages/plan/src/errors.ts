import { LimitError, RpcError } from "@capnweb/core";
import { CodedError, CodedTypeError, explain } from "@capnweb/wire/coded";
import type { PlanLimitName, PlanLimits } from "./shape/limits.ts";

/** The failures of plans, by name. Stable. */
export type PlanErrorCode =
  /** The plan isn't one, or breaks a rule of the shape. Nothing was run. */
  | "PLAN_INVALID"
  /** The runner has no prepared plan of that hash. Send the plan. */
  | "PLAN_UNKNOWN"
  /** A call of the plan failed. The error of the call is the `cause`. */
  | "PLAN_STEP"
  /** The plan uses a capture that wasn't passed. */
  | "PLAN_CAPTURE"
  /** An operator isn't defined for values of these kinds. */
  | "PLAN_OVERLOAD"
  /** The result doesn't fit into 64 bits. */
  | "PLAN_OVERFLOW"
  /** A division of an integer by zero. */
  | "PLAN_DIVISION"
  /** A list or text has no such index. */
  | "PLAN_INDEX"
  /** A map has no such key. */
  | "PLAN_KEY"
  /** A text can't be read as the other kind. */
  | "PLAN_CONVERSION"
  /** The operator `fail` was used. */
  | "PLAN_FAILED"
  /** A condition isn't a boolean. */
  | "PLAN_CONDITION"
  /** A loop is over a value that isn't a list. */
  | "PLAN_NOT_LIST"
  /** A `while` loop's condition is still true after `max` iterations. */
  | "PLAN_LOOP"
  /** A path names a member that stubs answer themselves. */
  | "PLAN_RESERVED";

/** Facts about a failure of a plan. */
export interface PlanErrorData {
  /** The number of the failed step: its `result` in the plan. */
  readonly step?: number;
  /** The operator that failed. */
  readonly operator?: string;
  /** The place in the plan, such as `ops[3].call.args[0]`. */
  readonly place?: string;
}

/**
 * A plan failed. `code` and `data` travel to every peer, those with other implementations included.
 * If a call failed, a runner rejects with `PLAN_STEP`. The promise of a `Plan` then rejects with
 * the error of the call itself, to which it adds the number of the step as an own property `step`.
 */
export class PlanError extends RpcError<PlanErrorData> {
  declare readonly code: PlanErrorCode;

  constructor(
    code: PlanErrorCode,
    message: string,
    data: PlanErrorData = {},
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, { ...options, code, data });
    explain(this);
  }
}

/** A plan went over a limit of its runner. It was stopped, and its calls were cancelled. */
export class PlanLimitError extends LimitError {
  /** The names of the own properties that travel. */
  declare static readonly rpcProperties: readonly string[];
  /** The limit and its value. */
  readonly data: { readonly limit: PlanLimitName; readonly most: number };

  constructor(limits: PlanLimits, limit: PlanLimitName) {
    super(`The plan is over limits.${limit} of ${limits[limit]}. The runner sets it.`);
    this.data = { limit, most: limits[limit] };
  }

  /** The name of the limit: a {@link PlanLimitName}, which the limits of sessions don't have. */
  override get limit(): any {
    return this.data.limit;
  }
}

// Not a static field, which TypeScript compiles to a static block: see RpcError.
Object.assign(PlanLimitError, { rpcProperties: ["data"] });

/** The server has no runner where the plan was sent, and the plan needs one. */
export class NoRunnerError extends CodedError {
  /** The same for every error of this class. */
  get code(): "PLAN_NO_RUNNER" {
    return "PLAN_NO_RUNNER";
  }
}

/** A placeholder of a plan was used as if it were a value. */
export class PlaceholderError extends CodedTypeError {
  /** The same for every error of this class. */
  get code(): "PLAN_PLACEHOLDER" {
    return "PLAN_PLACEHOLDER";
  }
}

/** A plan can't be recorded, because its builder did something that a plan can't hold. */
export class PlanBuildError extends CodedTypeError {
  /** The same for every error of this class. */
  get code(): "PLAN_BUILD" {
    return "PLAN_BUILD";
  }
}
