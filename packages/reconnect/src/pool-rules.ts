import type { OptionRule, OptionRules } from "@capnweb/core/options";
import { CONNECT_RULES } from "./option-rules.ts";
import type { PoolOptions } from "./pool.ts";

const urls: OptionRule = {
  must: "a list of one URL or more; leave it out for none",
  allows: (value) => Array.isArray(value) && value.length > 0,
};

const size: OptionRule = {
  must: "the number of connections, 1 or more",
  allows: (value) => Number.isInteger(value) && (value as number) > 0,
};

export const POOL_RULES: OptionRules<PoolOptions> = { ...CONNECT_RULES, urls, size };
