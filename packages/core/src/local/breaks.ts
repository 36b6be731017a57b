import type { BrokenListener } from "../broken-listener.ts";
import type { ErrorHook, StubHook } from "../model/hook.ts";

/** Something of this process that references share. */
export interface Breakable {
  readonly value: unknown;
}

/** The capabilities of this process that were declared broken. */
export interface Breaks {
  /** The failure of a target, or of something that references share, if it is broken. */
  failureOf(key: unknown): ErrorHook | undefined;
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
