import type { Memory } from "./memory.ts";

/** A server that the suite starts itself, and starts again when an attack has hurt it. */
export interface StartedServer {
  /** Its process, while it runs in one of its own. */
  readonly pid?: number | undefined;
  /** The way in which it ended by itself, if it did. */
  readonly ending: string | undefined;
  /** Its memory by its own account. */
  memory?(): Promise<Memory>;
  /** Ends what there is, and starts anew. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}
