import { Budget } from "../budget.ts";
import { EncodeTransaction, type EncodingSession } from "./encode-transaction.ts";
import { checkSize } from "./peer-message-size.ts";

/** Stands for a failure of which no part can be sent. */
const UNSENDABLE = ["error", "Error", "The failure can't be sent."] as const;

/**
 * Encodes a failure as an operand of a message, whatever was thrown, and never throws itself.
 * Leaves out parts that can't be sent, but never capabilities. A value that can't be sent, or is
 * too large for the peer, is replaced by the error that says so.
 *
 * @param budget the steps that it may take: its parts may be shared many times over, and a peer may
 *   ask for one failure many times
 */
export function encodeFailure(
  session: EncodingSession,
  error: unknown,
  budget = new Budget(undefined, 0),
): unknown {
  try {
    return operandOf(session, error, budget);
  } catch (encodeError) {
    try {
      return operandOf(session, encodeError, new Budget(undefined, 0));
    } catch {
      return session.form.operand(UNSENDABLE);
    }
  }
}

function operandOf(session: EncodingSession, failure: unknown, budget: Budget): unknown {
  const transaction = new EncodeTransaction(session, "refused");
  // Turned into text here, because that may call a getter once more.
  const operand = session.form.operand(transaction.encodeWithin(failure, budget));
  checkSize(session.negotiation.features.limits, operand, undefined);
  return operand;
}
