import { CodedError } from "@capnweb/wire/coded";
import { noted } from "../program/notes.ts";

/** A transport breaks a rule of its contract. */
export class ComplianceError extends CodedError {
  /** The same for every error of this class. */
  get code(): "NOT_COMPLIANT" {
    return "NOT_COMPLIANT";
  }
}

/** @throws ComplianceError for values that differ in kind or content */
export function expectEqual(actual: unknown, expected: unknown): void {
  const [got, wanted] = [actual, expected].map((value) => JSON.stringify(noted(value)));
  if (got !== wanted) throw new ComplianceError(`Expected ${wanted}, got ${got}.`);
}

/** @throws ComplianceError with the text `complaint`, unless `condition` holds */
export function expectTrue(condition: boolean, complaint: string): void {
  if (!condition) throw new ComplianceError(`Expected otherwise: ${complaint}.`);
}

/**
 * Returns the reason with which a promise rejects. You may await the result later, or never: the
 * check may have failed by then.
 *
 * @throws ComplianceError if the promise doesn't reject
 */
export function expectFailure(promise: PromiseLike<unknown>): Promise<any> {
  const failure = failureOf(promise);
  failure.catch(() => {});
  return failure;
}

async function failureOf(promise: PromiseLike<unknown>): Promise<any> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new ComplianceError(`Expected a failure, got ${JSON.stringify(noted(value))}.`);
}
