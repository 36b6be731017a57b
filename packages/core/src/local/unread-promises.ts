import { DEFAULT_MAX_DEPTH } from "@capnweb/wire";
import { afterAwaits } from "../after-awaits.ts";
import type { StubHook } from "../model/hook.ts";
import { handleRejection } from "../model/native-promise.ts";
import type { Payload } from "../model/payload.ts";

/** Results that their receivers may or may not ask for; looked at in one go. */
let unread: Payload[] | undefined;

/**
 * Sees to the native promises in a result that may never be asked for, so that their rejections
 * aren't unhandled. A result that is asked for at once costs no look.
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
    if (Array.isArray(value)) for (const each of value) handlePart(each, depth);
    else if (Object.getPrototypeOf(value) === Object.prototype) {
      for (const key in value) handlePart((value as Record<string, unknown>)[key], depth);
    } else handleRejection(value);
  } catch {
    // A getter that fails, fails again for the receiver.
  }
}

/** Small, so that the many scalars cost no call. */
function handlePart(part: unknown, depth: number): void {
  if (typeof part === "object" && part !== null) handleIn(part, depth + 1);
}
