import { call } from "./messages.ts";

/** The methods of the attack contract. docs/attacks.md says what each does. */
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

/** The names of the applications that the attacks can call. */
export type ContractName = "attack" | "application";

const attack = Object.fromEntries(
  CONTRACT_METHODS.map((method) => [method, (...args: string[]) => call(0, [method], ...args)]),
) as Contract;

const application: Contract = {
  ...attack,
  // A callback of the attacker's that never answers: the call waits for it.
  hang: () => call(0, ["call"], '["export",-9007199254740990]'),
  size: (blob) => call(0, ["describe"], blob!),
  sink: (value) => call(0, ["echo"], value!),
  stream: (count) => call(0, ["stream"], '"numbers"', count!),
  odd: () => call(0, ["fail"], '"unsendable"'),
};

/** The contract, and the one that the application of docs/conformance.md fulfils in part. */
export const CONTRACTS: Readonly<Record<ContractName, Contract>> = { attack, application };

/** The methods of each contract that there is an equivalent of. */
export const OFFERED: Readonly<Record<ContractName, readonly ContractMethod[]>> = {
  attack: CONTRACT_METHODS,
  application: ["echo", "hang", "size", "sink", "stream", "odd"],
};
