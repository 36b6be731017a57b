import type { RpcPromise } from "@capnweb/core";
import { NoRunnerError, type PlanErrorCode } from "../errors.ts";

/** The failures of a call of a runner that isn't there, in the words of both implementations. */
const NO_RUNNER =
  /(\b(run(Prepared)?|prepare)' is not a function|Cannot read properties of undefined)/;

/**
 * A promise of a runner's result whose failure is that of the plan's own call, or says that there
 * is no runner. In every other respect, it is the promise itself, on which calls can be made.
 */
export function explained<T>(promise: RpcPromise<T>): RpcPromise<T> {
  const settled = () => promise.catch(explain as any);
  const members: Record<PropertyKey, unknown> = {
    // biome-ignore lint/suspicious/noThenProperty: it is a promise
    then: (onFulfilled: any, onRejected: any) => settled().then(onFulfilled, onRejected),
    catch: (onRejected: any) => settled().catch(onRejected),
    finally: (onFinally: any) => settled().finally(onFinally),
  };
  return new Proxy(promise as object, {
    get: (target, key) =>
      Object.hasOwn(members, key) ? members[key] : Reflect.get(target, key, target),
  }) as RpcPromise<T>;
}

/** Throws the error of a plan's call in the place of the runner's. */
export function explain(error: unknown): never {
  const data = (error as { data?: Partial<Record<string, unknown>> } | null | undefined)?.data;
  // Without a step, a param can't be read, which only the runner's own message tells.
  if (hasCode(error, "PLAN_STEP") && typeof data?.["step"] === "number") {
    throw withFact(error.cause, "step", data["step"]);
  }
  if (hasCode(error, "LIMIT") && data?.["limit"]) throw withFact(error, "limit", data["limit"]);
  // A plan's own failures to reach something have the code above.
  if (error instanceof TypeError && NO_RUNNER.test(error.message)) {
    throw new NoRunnerError(
      "The plan needs a runner, which the server hasn't where the plan was sent. Have the server " +
        "call offerPlans(), or pass the option runner. Plans without operators and control flow " +
        "need none.",
      { cause: error },
    );
  }
  throw error;
}

/** True for an error with a code, whatever its class here. */
export function hasCode(error: unknown, code: PlanErrorCode | "LIMIT"): error is Error {
  return (error as { code?: unknown } | null | undefined)?.code === code;
}

/** The error, with a fact that its class has no place for. */
function withFact(error: unknown, key: "step" | "limit", value: unknown): unknown {
  if (typeof error !== "object" || error === null) return error;
  try {
    // An application's own object, if the runner is in this process, so only added to.
    Object.defineProperty(error, key, { value, enumerable: true, configurable: true });
  } catch {
    // A frozen error.
  }
  return error;
}
