import { RpcError } from "@capnweb/core";

/** The kinds of refusal that a client can act on. */
export type FileCode =
  | "BAD_NAME"
  | "BAD_SIZE"
  | "BUSY"
  | "CHANGED"
  | "EXISTS"
  | "FAILED"
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
  reasons: Readonly<Record<string, FileError>> = {},
): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    const { code = "", syscall } = error as NodeJS.ErrnoException;
    const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
    if (reason || syscall === undefined) throw reason ?? error;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new FileError("NOT_FOUND", "The directory isn't here any more.");
    }
    if (code === "ENAMETOOLONG") throw new FileError("BAD_NAME", "The path is too long.");
    // Its message has a path, and its cause would travel too.
    console.error(error);
    throw new FileError("FAILED", "The server's disk failed. Try again later.");
  }
}
