import { RpcError } from "@capnweb/core";

/** The kinds of refusal that a client can act on. */
export type FileCode =
  | "BAD_NAME"
  | "BAD_SIZE"
  | "CHANGED"
  | "EXISTS"
  | "NOT_EMPTY"
  | "NOT_FOUND"
  | "OFFSET"
  | "QUOTA";

/** A refusal. Its code and message travel to the client. */
export class FileError extends RpcError {
  constructor(code: FileCode, message: string) {
    super(message, { code });
  }
}

/**
 * Awaits an operation of the file system, and replaces errors with a refusal that tells the client
 * nothing about the server's folders.
 *
 * @param reasons the refusals by the codes of the file system's errors
 */
export async function refuse<T>(
  operation: Promise<T>,
  reasons: Readonly<Record<string, FileError>>,
): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw reasons[(error as NodeJS.ErrnoException).code ?? ""] ?? error;
  }
}
