import { otherSide } from "../recording/entry.ts";
import type { Call, Capability } from "./records.ts";
import type { Found } from "./references.ts";
import type { SessionState } from "./session-state.ts";
import { newStream } from "./streams.ts";
import { enter, type SideTables } from "./tables.ts";
import { shortened } from "./text.ts";

/** Enters the capabilities that a message hands over. */
export function hand(
  model: SessionState,
  from: SideTables,
  refs: readonly Found[],
  call: Call | undefined,
  how: "argument" | "answer",
  at: number,
): void {
  for (const { tag, id } of refs) {
    if (tag === "export") introduce(model, from, id, "stub", call, how, at);
    else if (tag === "promise") introduce(model, from, id, "promise", call, how, at);
    else if (tag === "writable") {
      introduce(model, from, id, "writer", call, how, at);
      if (!from.writers.has(id)) {
        enter(from.writers, id, newStream(model, otherSide(from.side), id, at));
      }
    }
  }
}

/** Enters a capability of a side, or one more reference to it. */
export function introduce(
  model: SessionState,
  from: SideTables,
  id: number,
  kind: Capability["kind"],
  call: Call | undefined,
  how: Capability["how"],
  at: number,
): void {
  const known = from.exports.get(id);
  if (known) {
    known.count++;
    return;
  }
  const capability: Capability = {
    key: model.store.nextKey(),
    session: model.info.session,
    owner: from.side,
    id,
    kind,
    from: call,
    how,
    since: at,
    count: 1,
    releasedAt: undefined,
    usedAt: undefined,
    uses: 0,
    label: undefined,
    stack: how === "argument" ? call?.stack : undefined,
  };
  model.store.capabilities.push(capability);
  enter(from.exports, id, capability);
}

/** Gives the capabilities in an answer the names and stacks that the process told. */
export function label(
  model: SessionState,
  from: SideTables,
  refs: readonly Found[],
  call: Call,
): void {
  const given = model.given.get(call);
  if (!given) return;
  model.given.delete(call);
  const ids = refs.flatMap(({ tag, id }) => (tag === "export" ? [id] : []));
  for (const [i, { label, stack }] of given.entries()) {
    const capability = from.exports.get(ids[i] ?? 1);
    if (!capability || capability.label !== undefined) continue;
    capability.label = shortened(label, 120);
    capability.stack = stack;
  }
}
