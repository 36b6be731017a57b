import { PlanError } from "../errors.ts";
import type { Failed } from "../values/failed.ts";

/**
 * The error that a plan fails with. It tells the number of the step, and has the error of a call as
 * its `cause`: an own property of that error wouldn't travel.
 */
export function failureOf({ error, step, isOfPlan, param = "A param" }: Failed): unknown {
  if (isOfPlan) return error;
  const message = describe(error).message;
  const where = step === undefined ? param : `Step ${step}`;
  const data = step === undefined ? {} : { step };
  return new PlanError("PLAN_STEP", `${where} failed: ${message}`, data, { cause: error });
}

/** A failure as plans see it in `catch`. */
export function describeFailure({ error, step }: Failed): Record<string, unknown> {
  const described: Record<string, unknown> = { ...describe(error) };
  const code = (error as { code?: unknown } | null | undefined)?.code;
  if (typeof code === "string" || typeof code === "number") described["code"] = code;
  if (step !== undefined) described["step"] = step;
  return described;
}

function describe(error: unknown): { readonly name: string; readonly message: string } {
  if (typeof error !== "object" || error === null) return { name: "Error", message: String(error) };
  const { name, message } = error as { name?: unknown; message?: unknown };
  return { name: textOf(name, "Error"), message: textOf(message, "") };
}

const textOf = (value: unknown, other: string) => (typeof value === "string" ? value : other);
