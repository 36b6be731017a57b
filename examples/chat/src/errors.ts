import { RpcError } from "@capnweb/core";

/** The kinds of refusal that a client can act on. */
export type ChatCode =
  | "BAD_NAME"
  | "BAD_PASSWORD"
  | "BAD_MESSAGE"
  | "NO_ROOM"
  | "SIGNED_OUT"
  | "TOO_MANY"
  | "WRONG_PASSWORD";

/** A refusal. Its code and message travel to the client. */
export class ChatError extends RpcError {
  constructor(code: ChatCode, message: string) {
    super(message, { code });
  }
}
