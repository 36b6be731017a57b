import { DEFAULT_MAX_DEPTH } from "@capnweb/wire";
import { afterAwaits } from "../after-awaits.ts";
import type { StubHook } from "../hook.ts";
import { isNativePromise } from "./native-promise.ts";
import type { Payload } from "./payload.ts";

/** Results that their receivers may or may not ask for; looked at in one go. */
let unread: Payload[] | undefined;

/**
 * Sees to the native promises in a result that may never be asked for, so that their rejections aren't
 * unhandled. A result that is asked for at once costs no look.
 */
export function handleUnread(hook: StubHook): void {
  const { payload } = hook;
  if (!payload || payload.isSeenTo || !isContainer(payload.value)) return;
  if (!unread) {
    unread = [];
    afterAwaits(handleAll);
  }
  unread.push(payload);
}

/** Whether promises may be found in a value. */
function isContainer(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  try {
    return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  } catch {
    // A proxy that doesn't let itself be looked at fails when it is sent.
    return false;
  }
}

function handleAll(): void {
  const payloads = unread!;
  unread = undefined;
  for (const payload of payloads) if (!payload.isSeenTo) handleIn(payload.value, 0);
}

function handleIn(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null || depth > DEFAULT_MAX_DEPTH) return;
  try {
    if (Array.isArray(value)) for (const each of value) handleIn(each, depth + 1);
    else if (Object.getPrototypeOf(value) === Object.prototype) {
      for (const key in value) handleIn((value as Record<string, unknown>)[key], depth + 1);
    } else if (isNativePromise(value)) value.then(undefined, () => {});
  } catch {
    // A getter that fails, fails again for the receiver.
  }
}
