import type { EncodingLevel } from "@capnweb/core";
import type { Connection } from "./connection.ts";
import { ResumeError } from "./errors.ts";

const REMEDY = "Return the same kind of transport each time.";

/** The kind of all connections of a session, because its frames have one form. */
export class ConnectionKind {
  readonly #level: EncodingLevel;
  #isBinary: boolean | undefined;

  /** @param isBinary `undefined` if the first connection decides */
  constructor(level: EncodingLevel, isBinary: boolean | undefined) {
    this.#level = level;
    this.#isBinary = isBinary;
  }

  /** The error for a connection of another kind. */
  mismatchOf({ level, isBinary }: Connection): ResumeError | undefined {
    if (level !== this.#level) {
      return mismatch(
        `A connection has encoding level "${level}", but the session has "${this.#level}". ` +
          `Set encodingLevel: "${level}". ${REMEDY}`,
      );
    }
    this.#isBinary ??= isBinary;
    if (isBinary === this.#isBinary) return undefined;
    const [now, before] = isBinary ? ["carries", "doesn't"] : ["doesn't carry", "does"];
    return mismatch(`A connection ${now} binary frames, but the session ${before}. ${REMEDY}`);
  }
}

function mismatch(message: string): ResumeError {
  return new ResumeError("RESUME_MISMATCH", message);
}
