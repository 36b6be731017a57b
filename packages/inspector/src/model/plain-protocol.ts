import { otherSide, type Side } from "../recording/entry.ts";
import { operationOf, referencesIn } from "./references.ts";

/** A message of a side. */
export interface SaidMessage {
  readonly from: Side;
  readonly message: readonly unknown[];
}

interface SideState {
  /** The id of the last result. */
  next: number;
  /** The ids of streams' writing ends: pipes of this side, and writers of the other. */
  readonly writers: Set<number>;
  /** The calls that left as `stream`, and whose answers are still to come. */
  readonly rewritten: Set<number>;
}

const empty = (): SideState => ({ next: 0, writers: new Set(), rewritten: new Set() });

/**
 * Rewrites a session without the extension `calls`: a call that left as `stream` becomes a `push`
 * and a `pull`, and a `release` follows its answer. Peers that haven't announced anything talk so.
 */
export class PlainProtocol {
  readonly #sides: Readonly<Record<Side, SideState>> = { client: empty(), server: empty() };

  /** Returns the messages in place of one. */
  rewrite(from: Side, message: readonly unknown[]): SaidMessage[] {
    const own = this.#sides[from];
    const peer = this.#sides[otherSide(from)];
    const [tag, first] = message;
    for (const operand of message.slice(1)) {
      for (const { tag: each, id } of referencesIn(operand)) {
        if (each === "writable") peer.writers.add(id);
      }
    }
    if (tag === "pipe") own.writers.add(++own.next);
    if (tag === "push" || tag === "stream") own.next++;
    if (tag === "stream" && !this.#isWrite(own, first)) {
      own.rewritten.add(own.next);
      return [
        { from, message: ["push", first] },
        { from, message: ["pull", own.next] },
      ];
    }
    const isAnswer = tag === "resolve" || tag === "reject";
    if (!isAnswer || !peer.rewritten.delete(first as number)) return [{ from, message }];
    return [
      { from, message },
      { from: otherSide(from), message: ["release", first, 1] },
    ];
  }

  #isWrite({ writers }: SideState, expression: unknown): boolean {
    const { target } = operationOf(expression);
    return target !== undefined && writers.has(target);
  }
}
