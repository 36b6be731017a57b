import { OTHER } from "./method-names.ts";

/** The codes of errors of this library. A peer may make an error with any other. */
const CODES: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  "BAD_EXPRESSION",
  "BAD_JSON",
  "BATCH_ENDED",
  "CALL_TIMEOUT",
  "CANCELED",
  "CONNECTION_CLOSED",
  "CONNECTION_LOST",
  "CONTEXT",
  "DEADLINE",
  "DERIVATION",
  "DISPOSED",
  "HTTP_STATUS",
  "INTERCEPTOR",
  "LIMIT",
  "MAP",
  "NO_CALL",
  "OFFLINE",
  "PATH",
  "PROTOCOL",
  "REFUSED",
  "SESSION_DISPOSED",
  "TOO_DEEP",
  "UNENCODABLE",
  "WEBSOCKET_CLOSED",
  "WEBTRANSPORT_CLOSED",
]);

/** Most names of classes. A program that makes classes as it runs has more. */
const MOST_CLASSES = 200;

const LONGEST_NAME = 64;

/** The types of errors of this process that labels and logs tell apart. */
export class ErrorTypes {
  readonly #codes = new Set<unknown>();
  readonly #classes = new Set<string>();

  /** Keeps codes of the application from now on. */
  allow(codes: readonly string[]): void {
    for (const code of codes) this.#codes.add(code);
  }

  /** The type of an error, which may be any value. Never throws. */
  of(error: unknown): string {
    try {
      if (typeof error !== "object" || error === null) return OTHER;
      const { code } = error as { readonly code?: unknown };
      if (CODES.has(code) || this.#codes.has(code)) return code as string;
      // Not the property `name`, which a peer may have chosen.
      return this.#classOf(error);
    } catch {
      // A proxy, or a getter, that throws.
      return OTHER;
    }
  }

  #classOf(error: object): string {
    const name: unknown = Object.getPrototypeOf(error)?.constructor?.name;
    if (typeof name !== "string" || name === "" || name.length > LONGEST_NAME) return OTHER;
    if (this.#classes.has(name)) return name;
    if (this.#classes.size >= MOST_CLASSES) return OTHER;
    this.#classes.add(name);
    return name;
  }
}

/** The types of this process. */
export const errorTypes = /* @__PURE__ */ new ErrorTypes();
