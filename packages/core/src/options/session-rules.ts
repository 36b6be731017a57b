import type { RpcSessionOptions } from "../session/options.ts";
import { type OptionRule, type OptionRules, optionRules } from "./check-options.ts";

const { any, boolean, function: func, list, object } = optionRules;

/** Without a look at the class, because another copy of this package may have made them. */
const interceptors: OptionRule = {
  must: "made with intercept(a, b)",
  allows: (value) => typeof (value as { serving?: unknown } | null)?.serving === "function",
};

/**
 * The rules of the options that every session has, for functions that start sessions. Sessions
 * themselves check the values of `any`.
 */
export const sessionRules: OptionRules<RpcSessionOptions> = {
  announce: any,
  call: object,
  errorProperties: any,
  interceptors,
  limits: any,
  onError: func,
  onLimit: func,
  onLostError: func,
  onMessage: func,
  onSendError: func,
  onSession: func,
  releaseForgotten: any,
  streamCalls: boolean,
  types: list,
};
