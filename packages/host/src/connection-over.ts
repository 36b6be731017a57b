import { CodedError } from "@capnweb/wire/coded";

/** The connection of a session is over, and nothing tells the reason. */
export class ConnectionOverError extends CodedError {
  constructor() {
    super("The connection is over.");
  }

  /** The same for every error of this class. */
  get code(): "CONNECTION_OVER" {
    return "CONNECTION_OVER";
  }
}
