import { call } from "./messages.ts";

/** The methods of the attack contract. docs/attacks.md describes each. */
export const CONTRACT_METHODS = [
  "echo",
  "later",
  "wrap",
  "text",
  "size",
  "sink",
  "hang",
  "stream",
  "odd",
] as const;

/** The name of a method of the attack contract. */
export type ContractMethod = (typeof CONTRACT_METHODS)[number];

/** For each method, a function that writes a call with argument expressions. */
export type Contract = Readonly<Record<ContractMethod, (...args: string[]) => string>>;

/** The names of the applications that attacks can call. */
export type ContractName = "attack" | "application";

const attack = Object.fromEntries(
  CONTRACT_METHODS.map((method) => [method, (...args: string[]) => call(0, [method], ...args)]),
) as Contract;

const application: Contract = {
  ...attack,
  // Passes a callback of the attacker's that never answers, so the call waits for it.
  hang: () => call(0, ["call"], '["export",-9007199254740990]'),
  size: (blob) => call(0, ["describe"], blob!),
  sink: (value) => call(0, ["echo"], value!),
  stream: (count) => call(0, ["stream"], '"numbers"', count!),
  odd: () => call(0, ["fail"], '"unsendable"'),
};

/** The attack contract, and the application of docs/conformance.md, which fulfils a part of it. */
export const CONTRACTS: Readonly<Record<ContractName, Contract>> = { attack, application };

/** The methods of each contract that have an equivalent. */
export const OFFERED: Readonly<Record<ContractName, readonly ContractMethod[]>> = {
  attack: CONTRACT_METHODS,
  application: ["echo", "hang", "size", "sink", "stream", "odd"],
};
