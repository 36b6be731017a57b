import type { Attacker } from "./attacker/attacker.ts";
import type { Contract, ContractMethod } from "./contract.ts";
import type { Sendable } from "./media/connection.ts";

/** The kinds of attacks, by letter. */
export const KINDS = {
  A: "work not bounded by the message",
  B: "cycles",
  C: "state without a quota",
  D: "output without a bound",
  E: "exceptions in continuations",
  F: "sockets without an owner",
  G: "dropped capabilities that are never released",
  H: "defaults that trust",
  I: "HTTP/2",
} as const;

/** The letter of a kind of attacks. */
export type Kind = keyof typeof KINDS;

/**
 * A part of the server that an attack goes through, or a method that it calls. `session` means a
 * session in any medium. `network` means a session over a network, where clients send headers and
 * can leave answers unread.
 */
export type Need =
  | "session"
  | "network"
  | "sockets"
  | "websocket"
  | "webtransport"
  | "port"
  | "http"
  | "http2"
  | ContractMethod;

interface AttackBase {
  /**
   * The attack's stable id: `ATK-`, the letter of the kind, and two digits. Numbers are never
   * reused.
   */
  readonly id: string;
  /** One sentence: the attack, and its point. */
  readonly title: string;
  /** Needs besides those of the attack's form. Servers without them don't get the attack. */
  readonly needs?: readonly Need[];
}

/** An attack that is a list of messages, in one session or in one HTTP batch. */
export interface MessageAttack extends AttackBase {
  readonly over: "session" | "batch";
  /** The texts to send; each is a message, or several with newlines between them. */
  messages(contract: Contract): Iterable<Sendable>;
  /** True if the attacker reads the answers. Default `true`. A port always reads. */
  readonly reads?: boolean;
  /** The number of sessions or batches that do the same at once. Default 1. */
  readonly copies?: number;
}

/** An attack that needs sockets of its own, or that looks at the answers. */
export interface ActiveAttack extends AttackBase {
  readonly over: "sockets";
  /**
   * Attacks until the attack is done or `attacker.signal` is aborted.
   *
   * @returns the finding, if the answers show a fault that the victim wouldn't notice
   */
  run(attacker: Attacker): Promise<string | undefined>;
}

/** An attack on a server. */
export type Attack = MessageAttack | ActiveAttack;

/** The letter of an attack's kind. */
export function kindOf({ id }: Attack): Kind {
  return id.charAt("ATK-".length) as Kind;
}

/** All parts that a server needs for an attack to be applicable. */
export function needsOf(attack: Attack): readonly Need[] {
  const { over, needs = [] } = attack;
  if (over === "session") return [attack.reads === false ? "network" : "session", ...needs];
  if (over === "batch") return ["http", ...needs];
  return needs.length > 0 ? needs : ["sockets"];
}
