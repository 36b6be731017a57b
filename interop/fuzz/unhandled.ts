import type { Fault } from "./sequence.ts";

const seen: Fault[] = [];

/** Notes the errors that would end a process without handlers. Installed once per process. */
export function watchProcess(): void {
  process.on("unhandledRejection", (reason) => note("unhandled rejection", reason));
  process.on("uncaughtException", (error) => note("uncaught exception", error));
}

/** The faults of the process since the last call. */
export function takeUnhandled(): Fault[] {
  const properties = Object.getOwnPropertyNames(Object.prototype).length;
  if (properties !== PROPERTIES) seen.push({ kind: "Object.prototype has changed", detail: "" });
  return seen.splice(0);
}

const PROPERTIES = Object.getOwnPropertyNames(Object.prototype).length;

function note(kind: string, reason: unknown): void {
  seen.push({ kind, detail: describe(reason) });
}

/** A text for any value that may be thrown. */
export function describe(reason: unknown): string {
  try {
    return reason instanceof Error ? String(reason.stack) : `${reason as string}`;
  } catch {
    return "(no text can be made of it)";
  }
}
