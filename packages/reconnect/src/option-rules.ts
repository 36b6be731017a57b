import {
  nested,
  type OptionRules,
  optionRules,
  orFalse,
  required,
  sessionRules,
} from "@capnweb/core/options";
import type { KeptOptions, KeptToken } from "@capnweb/durable/client";
import type { OfflineOptions } from "./offline-calls.ts";
import type { BackoffOptions, ConnectOptions, HealthOptions } from "./options.ts";
import type { RetryBudgetOptions } from "./retry-budget.ts";

const { boolean, function: func, milliseconds, number, object, text } = optionRules;

const BACKOFF: OptionRules<BackoffOptions> = {
  min: milliseconds,
  max: milliseconds,
  factor: number,
};

const HEALTH: OptionRules<HealthOptions> = {
  interval: milliseconds,
  timeout: milliseconds,
  onWake: boolean,
};

const OFFLINE: OptionRules<OfflineOptions> = { max: number, maxAge: milliseconds };

const RETRY_BUDGET: OptionRules<RetryBudgetOptions> = { size: number, perSecond: number };

const RESUME: OptionRules<Exclude<ConnectOptions["resume"], false | undefined>> = {
  window: milliseconds,
  buffer: number,
};

export const CONNECT_RULES: OptionRules<ConnectOptions> = {
  open: required(func),
  createMain: func,
  backoff: nested(BACKOFF),
  openTimeout: milliseconds,
  retry: func,
  resume: orFalse(nested(RESUME)),
  health: nested(HEALTH),
  offline: nested(OFFLINE),
  retryBudget: nested(RETRY_BUDGET),
  signal: object,
  clock: object,
  random: func,
  ...sessionRules,
};

const TOKEN: OptionRules<KeptToken> = { token: required(text), expires: required(number) };

export const KEEP_RULES: OptionRules<KeptOptions> = {
  token: nested(TOKEN),
  onToken: func,
  now: func,
};
