import type { BrokenListener } from "../broken-listener.ts";
import type { ErrorHook, StubHook } from "../model/hook.ts";

/** Something of this process that references share. */
export interface Breakable {
  readonly value: unknown;
}

/**
 * The failures of targets, and of things that references share, that were declared broken. Most
 * programs declare none, so that a look costs nothing.
 */
export let broken: WeakMap<object, ErrorHook> | undefined;

/** The first thing is about to be declared broken. */
export function startBreaking(): WeakMap<object, ErrorHook> {
  broken ??= new WeakMap();
  return broken;
}

/** Hears of everything that can be declared broken. */
export interface Breaks {
  /** Has `listener` called once the value, or what its references share, is declared broken. */
  listen(listener: BrokenListener, shared: Breakable): void;
  /** Is told of everything that a session exports. */
  exported(exporter: object, id: number, hook: StubHook): void;
}

/** Only there where a program has the function by which something is declared broken. */
export let breaks: Breaks | undefined;

export function installBreaks(installed: Breaks): void {
  breaks = installed;
}
