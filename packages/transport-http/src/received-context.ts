import { LimitError } from "@capnweb/core";
import { readContextHeaders } from "@capnweb/core/server";
import type { ReadHeader } from "./access.ts";
import { HttpBatchError, messageOf } from "./errors.ts";
import type { BatchSettings } from "./settings.ts";

/**
 * The context of a batch's calls, which its headers tell; `undefined` if they tell none.
 *
 * @param readHeader reads a header by its lower-case name
 * @throws HttpBatchError for metadata that can't be read, with the status 400 or 431
 */
export function receivedContext(
  readHeader: ReadHeader,
  { session }: BatchSettings,
): object | undefined {
  try {
    return readContextHeaders(readHeader, session.limits);
  } catch (error) {
    const message = `The context of the batch's calls can't be read: ${messageOf(error)}`;
    const isLimit = error instanceof LimitError;
    throw new HttpBatchError(isLimit ? "TOO_LARGE" : "NOT_A_BATCH", message, {
      status: isLimit ? 431 : 400,
      limit: isLimit ? error.limit : undefined,
      cause: error,
    });
  }
}
