import { DEFAULT_LIMITS } from "@capnweb/wire";
import { handleUnread } from "../model/unread-promises.ts";
import type { SessionAccount } from "../session/held-bytes.ts";
import type { SessionServices } from "../session/services.ts";
import { refuse } from "./missing-component.ts";

/** Counts nothing. The promises in results are handled all the same. */
const UNCOUNTED: SessionAccount = {
  total: 0,
  add() {},
  remove() {},
  sizeOf: () => 0,
  clear() {},
  unread: () => ({ came: (_id, payload) => handleUnread({ payload }) }),
};

/** Refuses limits that an application asks for, and lets the default pass. */
export const accountNothing: SessionServices["account"] = (limits) => {
  const { maxHeldBytes, maxProcessHeldBytes } = limits;
  const isAsked = maxHeldBytes < Infinity && maxHeldBytes !== DEFAULT_LIMITS.maxHeldBytes;
  if (isAsked) refuse("limits.maxHeldBytes", "memoryLimits");
  if (maxProcessHeldBytes < Infinity) refuse("limits.maxProcessHeldBytes", "memoryLimits");
  return UNCOUNTED;
};
