/**
 * Attacks on servers, in Node.
 *
 * @packageDocumentation
 */

export type { Kind } from "./attack.ts";
export { KINDS } from "./attack.ts";
export { attackServer } from "./attack-server.ts";
export type { Figures } from "./attacker/figures.ts";
export type { ContractName } from "./contract.ts";
export { AttackError } from "./errors.ts";
export type { AttackOptions } from "./options.ts";
export { type AttackReportFormat, formatAttackReport } from "./report/index.ts";
export type { AttackResult, Verdict } from "./result.ts";
export type { Memory } from "./server/memory.ts";
export type { VictimFigures } from "./victim/program.ts";
