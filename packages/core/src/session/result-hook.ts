import type { StubHook } from "../model/hook.ts";
import { type ImportEntry, ImportHook } from "./import-entry.ts";
import type { Batch } from "./safety-net.ts";

/** A reference to the result of a call. */
export class ResultHook extends ImportHook {
  /** The batch by which the safety net catches the result, if there is a net. */
  readonly guard: Batch | undefined;

  constructor(entry: ImportEntry, guard: Batch | undefined) {
    super(entry);
    this.guard = guard;
  }

  override another(entry: ImportEntry): StubHook {
    return new ResultHook(entry, this.guard);
  }
}
