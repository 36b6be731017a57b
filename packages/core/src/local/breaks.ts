import type { BrokenListener } from "../broken-listener.ts";
import type { ErrorHook, StubHook } from "../model/hook.ts";

/** The shared part of references to something of this process. */
export interface Breakable {
  readonly value: unknown;
}

/**
 * The failures of targets, and of things that references share, that were declared broken. Most
 * programs declare none, so that a look costs nothing.
 */
export let broken: WeakMap<object, ErrorHook> | undefined;

/** Prepares for the first capability that is declared broken. */
export function startBreaking(): WeakMap<object, ErrorHook> {
  broken ??= new WeakMap();
  return broken;
}

/** Learns of everything that can be declared broken. */
export interface Breaks {
  /** Calls `listener` once the value, or the shared part of its references, is declared broken. */
  listen(listener: BrokenListener, shared: Breakable): void;
  /** Notes that a session has exported something. */
  exported(exporter: object, id: number, hook: StubHook): void;
}

/** Set only in programs that use the function that declares capabilities broken. */
export let breaks: Breaks | undefined;

export function installBreaks(installed: Breaks): void {
  breaks = installed;
}
