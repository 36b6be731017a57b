import type { StubHook } from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import { type Importer, ImportHook } from "./import-entry.ts";

/**
 * What an exported promise resolves to, as far as it is worth telling: a promise of this side that
 * resolves to just another one is followed to its end, while one of the peer's is named to it.
 */
export async function resolutionOf(hook: StubHook, session: Importer): Promise<Payload> {
  let payload = await hook.pull();
  for (;;) {
    const next = promiseAtRoot(payload);
    if (next === undefined || isImportOf(next, session)) return payload;
    payload = await next.pull();
  }
}

function promiseAtRoot(payload: Payload): StubHook | undefined {
  const [pending] = payload.pending;
  if (pending === undefined || pending.parent !== payload) return undefined;
  return pending.path.length === 0 ? pending.hook.settled() : undefined;
}

function isImportOf(hook: StubHook, session: Importer): boolean {
  return hook instanceof ImportHook && hook.idFor(session) !== undefined;
}
