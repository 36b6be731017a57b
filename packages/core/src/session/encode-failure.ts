import { EncodeTransaction, type EncodingSession } from "./encode-transaction.ts";
import { checkSize } from "./peer-message-size.ts";

/** Stands for a failure of which nothing can be sent. */
const UNSENDABLE = ["error", "Error", "The failure can't be sent."] as const;

/**
 * Encodes a failure as an operand of a message, whatever was thrown: never throws itself. Parts
 * that can't travel are left out; capabilities never do. In place of a value that can't travel, or
 * is too large for the peer, goes the error that says so.
 */
export function encodeFailure(session: EncodingSession, error: unknown): unknown {
  try {
    return operandOf(session, error);
  } catch (encodeError) {
    try {
      return operandOf(session, encodeError);
    } catch {
      return session.form.operand(UNSENDABLE);
    }
  }
}

function operandOf(session: EncodingSession, failure: unknown): unknown {
  const transaction = new EncodeTransaction(session, "refused");
  // Text of it is made here: that may call a getter once more.
  const operand = session.form.operand(transaction.encode(failure));
  checkSize(session.negotiation.features.limits, operand, undefined);
  return operand;
}
