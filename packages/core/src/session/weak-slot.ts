import type { ImportEntry } from "./import-entry.ts";

/**
 * The place of a stub in the table of imports, once the application has the stub: the table doesn't
 * keep the stub from being collected. Has what is needed to release it then, as fields that few
 * places need.
 */
export interface WeakSlot extends WeakRef<ImportEntry> {
  /** As that of the entry. */
  reintroduced?: number;
  /** The stack of the call that gave the stub, if it is kept. */
  made?: string;
}
