import { setOptionalTimeout } from "@capnweb/core/server";
import type { Decision, Refusal, ServeOptions, SessionRequest } from "./serve-options.ts";

const DEFAULT_AUTHORIZE_TIMEOUT = 10_000;

/** An accepted request. */
interface Acceptance {
  readonly context: object | undefined;
}

/**
 * Asks `authorize` about a request.
 *
 * @throws the error of `authorize`; RangeError for a status that doesn't refuse
 */
export async function authorize(
  request: SessionRequest,
  { authorize, authorizeTimeout = DEFAULT_AUTHORIZE_TIMEOUT }: ServeOptions,
): Promise<Acceptance | Refusal> {
  if (authorize === undefined) return { context: undefined };
  let cancel = () => {};
  const expired = new Promise<Refusal>((resolve) => {
    cancel = setOptionalTimeout(() => {
      resolve({ status: 503, reason: "The server took too long to decide (authorizeTimeout)." });
    }, authorizeTimeout);
  });
  try {
    return await Promise.race([(async () => interpret(await authorize(request)))(), expired]);
  } finally {
    cancel();
  }
}

/** Whether the request is refused. */
export function isRefusal(answer: object): answer is Refusal {
  return "status" in answer;
}

function interpret(decision: Decision): Acceptance | Refusal {
  if (typeof decision === "object" && decision !== null) {
    const { status } = decision as Partial<Refusal>;
    return typeof status === "number" ? refusal(decision as Refusal) : { context: decision };
  }
  if (typeof decision === "number") return refusal({ status: decision });
  return decision ? { context: undefined } : { status: 403 };
}

function refusal({ status, reason }: Refusal): Refusal {
  if (Number.isInteger(status) && status >= 400 && status < 600) return { status, reason };
  throw new RangeError(`authorize refused with ${status}: use a status from 400 to 599.`);
}
