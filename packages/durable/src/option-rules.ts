import { type OptionRule, type OptionRules, optionRules, required } from "@capnweb/core/options";
import type { DurableOptions, SealOptions, UnsealOptions } from "./options.ts";
import type { RevocationStore } from "./revocation-store.ts";

const { any, function: func, list, milliseconds, number, object, text } = optionRules;

const STORE_METHODS: readonly (keyof RevocationStore)[] = ["find", "revokeToken", "revokeOwner"];

const store: OptionRule = {
  must: `a RevocationStore with ${STORE_METHODS.join("(), ")}()`,
  allows: (value) => STORE_METHODS.every((name) => typeof (value as any)?.[name] === "function"),
};

/** Without a look at the class, because another copy of this package may have made the ring. */
const keys: OptionRule = {
  must: "a KeyRing, made with new KeyRing([{ id, secret }])",
  allows: (value) => typeof (value as any)?.find === "function" && !Array.isArray(value),
};

/** The range is checked where the lifetime is used, because it depends on `maxLifetime`. */
const lifetime: OptionRule = {
  must: "a number of milliseconds",
  allows: (value) => typeof value === "number",
};

export const DURABLE_RULES: OptionRules<DurableOptions> = {
  classes: required({ ...object, must: "an object of classes by their names, as { room: Room }" }),
  keys: required(keys),
  store,
  expiresIn: lifetime,
  maxLifetime: milliseconds,
  maxTokenSize: number,
  maxNested: number,
  maxRestores: number,
  maxWaitingRestores: number,
  restoreTimeout: milliseconds,
  types: list,
  now: func,
};

export const SEAL_RULES: OptionRules<SealOptions> = {
  owner: text,
  audience: text,
  expiresIn: lifetime,
  renewableUntil: number,
};

export const UNSEAL_RULES: OptionRules<UnsealOptions> = { audience: text, identity: any };
