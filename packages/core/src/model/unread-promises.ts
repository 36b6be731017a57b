import { DEFAULT_MAX_DEPTH, type ValueTable } from "@capnweb/wire";
import { isObject } from "@capnweb/wire/internal";
import { afterAwaits } from "../after-awaits.ts";
import { containerOf, forEachOwn } from "./containers.ts";
import type { StubHook } from "./hook.ts";
import { handleRejection } from "./native-promise.ts";
import type { Payload } from "./payload.ts";

/** Results that their receivers may or may not ask for. They are looked at together. */
let unread: Payload[] | undefined;

/**
 * Handles the native promises in a result that may never be asked for, so that their rejections
 * aren't unhandled. A result that is asked for at once isn't looked at.
 */
export function handleUnread({ payload }: Pick<StubHook, "payload">): void {
  if (!payload || payload.isSeenTo || !isContainer(payload.value, payload.runtime.table)) return;
  if (!unread) {
    unread = [];
    afterAwaits(handleAll);
  }
  unread.push(payload);
}

/** True if a value may contain promises. */
function isContainer(value: unknown, table: ValueTable): value is object {
  if (!isObject(value)) return false;
  try {
    return containerOf(value, table) !== undefined;
  } catch {
    // A proxy that can't be inspected fails when it is sent.
    return false;
  }
}

function handleAll(): void {
  const payloads = unread!;
  unread = undefined;
  for (const payload of payloads) {
    if (!payload.isSeenTo) new Walk(payload.runtime.table).into(payload.value as object);
  }
}

/** A walk through one result. */
class Walk {
  readonly #table: ValueTable;
  #depth = 0;
  /** Made once: a result may have many containers. */
  readonly #visit = (part: object) => {
    if (typeof part === "object") this.into(part);
  };

  constructor(table: ValueTable) {
    this.#table = table;
  }

  into(value: object): void {
    if (this.#depth > DEFAULT_MAX_DEPTH) return;
    this.#depth++;
    try {
      if (!forEachOwn(value, this.#table, this.#visit)) handleRejection(value);
    } catch {
      // A getter that fails here fails again for the receiver.
    }
    this.#depth--;
  }
}
