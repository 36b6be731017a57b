import { EncodeTransaction, type EncodingSession } from "./encode-transaction.ts";
import { checkSize } from "./peer-message-size.ts";

/** Stands for a failure of which no part can be sent. */
const UNSENDABLE = ["error", "Error", "The failure can't be sent."] as const;

/**
 * Encodes a failure as an operand of a message, whatever was thrown, and never throws itself.
 * Leaves out parts that can't be sent, but never capabilities. A value that can't be sent, or is
 * too large for the peer, is replaced by the error that says so.
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
  // Turned into text here, because that may call a getter once more.
  const operand = session.form.operand(transaction.encode(failure));
  checkSize(session.negotiation.features.limits, operand, undefined);
  return operand;
}
