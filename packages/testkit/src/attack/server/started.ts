import type { Memory } from "./memory.ts";

/** A server that the suite starts itself, and starts again when an attack has hurt it. */
export interface StartedServer {
  /** The id of its process, while it runs in one of its own. */
  readonly pid?: number | undefined;
  /** A signal or an exit code, if the server ended by itself. */
  readonly ending: string | undefined;
  /** The server's memory by its own account. */
  memory?(): Promise<Memory>;
  /** Ends the running server, if any, and starts another. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}
