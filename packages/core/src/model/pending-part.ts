import type { PropertyPath, StubHook } from "./hook.ts";

/**
 * A promise in a payload's value. Its value is put at `parent[key]` before delivery; until then,
 * its proxy stands there.
 */
export interface PendingPart {
  readonly parent: object;
  readonly key: PropertyKey;
  /** Owned by the payload until it is replaced. */
  readonly hook: StubHook;
  /** The place of the part in the value that `hook` resolves to. */
  readonly path: PropertyPath;
}
