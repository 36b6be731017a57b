import { type CallContext, type RpcStub, withinCall } from "@capnweb/core";
import { PlanError, type PlanErrorCode } from "../errors.ts";
import { isReserved } from "../shape/names.ts";
import { Failed } from "../values/failed.ts";
import { measure } from "../values/measure.ts";
import { FAILURE_BYTES } from "../values/sizes.ts";
import { Unfinished } from "../values/work.ts";
import type { Account, Stoppable } from "./account.ts";
import { CallsUnderWay } from "./calls-under-way.ts";
import { copyOut } from "./copy-out.ts";
import { follow, memberOf } from "./paths.ts";
import type { Pending } from "./pending.ts";

/** The inputs of a plan. They stay the caller's. */
export interface Inputs {
  readonly params: unknown;
  readonly captures: readonly unknown[];
}

/** One plan that runs. */
export class Run implements Stoppable {
  readonly account: Account;
  readonly captures: readonly unknown[];
  /** The number of plans that this one was run by. */
  readonly nesting: number;
  /** The context of the call that runs the plan, to which the plan's calls belong. */
  readonly context: CallContext | undefined;
  readonly #params: unknown;
  #hasReferences = true;
  /** Properties of capabilities in the params, by the paths that lead to them. */
  readonly #fetched = new Map<object, unknown>();
  readonly #calls: CallsUnderWay;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(account: Account, inputs: Inputs, nesting: number, context?: CallContext) {
    this.account = account;
    this.captures = inputs.captures;
    this.nesting = nesting;
    this.#params = inputs.params;
    this.context = context;
    this.#calls = new CallsUnderWay(account);
  }

  /** Counts the params. Returns a promise for large ones. */
  measureParams(): undefined | Promise<undefined> {
    const keep = (hasReferences: boolean): undefined => {
      this.#hasReferences = hasReferences;
    };
    const measured = measure(this.#params, this.account);
    if (measured instanceof Unfinished) return this.account.finish(measured).then(keep);
    return keep(measured);
  }

  /**
   * Evaluates the plan. Ends at once if the run is stopped, and disposes of everything at the end.
   *
   * @param evaluate goes on in vain after a stop; its calls then throw
   */
  async guard<T>(evaluate: () => Promise<T>): Promise<T> {
    this.account.add(this);
    try {
      return await new Promise((resolve, reject) => {
        this.#reject = reject;
        evaluate().then(resolve, reject);
      });
    } finally {
      this.account.remove(this);
      this.#calls.end();
    }
  }

  /** Waits for all calls. Those that were made for their effect belong to the plan as well. */
  async callsSettled(): Promise<void> {
    await this.#calls.settled();
    this.account.check();
  }

  /** Makes the copy of the result that goes to the caller, with the capabilities in it. */
  copyOut(result: unknown): unknown {
    let left = this.account.limits.maxResultBytes;
    return copyOut(result, (bytes) => {
      left -= bytes;
      if (left < 0) this.account.exceed("maxResultBytes");
    });
  }

  /** Cancels the calls under way, and fails the plan. */
  stop(reason: unknown): void {
    this.#reject?.(reason);
    this.#calls.end();
  }

  /** A param: a value, a failure, or a property of a capability in the params. */
  param(path: readonly (string | number)[]): unknown {
    if (path.length === 0) return this.#params;
    if (this.#fetched.has(path)) return this.#fetched.get(path);
    const value = this.#readParam(path);
    if (this.#hasReferences) this.#fetched.set(path, value);
    return value;
  }

  #readParam(path: readonly (string | number)[]): unknown {
    const value = this.get(this.#params, path, undefined);
    // Failures of a part of the params have their own place.
    if (!(value instanceof Failed) || value.isOfPlan) return value;
    const name = ["params", ...path].join(".");
    const param = this.#params === undefined ? `The plan was run without params, so ${name}` : name;
    return new Failed(value.error, undefined, false, param);
  }

  /** A property of a value. Of a capability, it is fetched. */
  get(target: unknown, path: readonly (string | number)[], step: number | undefined): unknown {
    try {
      const { value, stub, rest } = follow(target, path);
      if (!stub) return value;
      const reserved = rest.find(isReserved);
      if (reserved !== undefined) {
        const message = `"${reserved}" can't be reached, because stubs answer it themselves.`;
        return this.refuse("PLAN_RESERVED", message, step);
      }
      // Each part makes a promise with the path up to it.
      this.account.spend(rest.length);
      return this.call(step, () => memberOf(stub, rest));
    } catch (error) {
      return this.failed(error, step);
    }
  }

  /**
   * Makes a call.
   *
   * @param make makes it, and returns the promise of its result
   * @returns the call, or the failure if it couldn't be made
   */
  call(step: number | undefined, make: () => PromiseLike<unknown>): Pending | Failed {
    try {
      return this.#calls.make(step, this.context ? () => withinCall(this.context, make) : make);
    } catch (error) {
      return this.failed(error, step);
    }
  }

  /** The promise of a call on a capability. */
  invoke(
    stub: RpcStub<any>,
    member: string | undefined,
    args: readonly unknown[],
  ): PromiseLike<unknown> {
    const target = stub as any;
    return member === undefined ? target(...args) : target[member](...args);
  }

  /** The failure of a step. Errors that stop the plan are thrown on. */
  failed(error: unknown, step: number | undefined): Failed {
    this.account.check();
    this.account.hold(FAILURE_BYTES);
    return new Failed(error, step);
  }

  /** The failure of a step, by a rule of plans. */
  refuse(code: PlanErrorCode, message: string, step: number | undefined): Failed {
    this.account.hold(FAILURE_BYTES);
    const data = step === undefined ? {} : { step };
    return new Failed(new PlanError(code, message, data), step, true);
  }
}
