import { differenceOf } from "./difference.ts";
import { ConformanceError } from "./errors.ts";
import type { Habit } from "./habits.ts";
import { matches, type Tolerance } from "./match.ts";
import { show } from "./messages.ts";
import { Numbering } from "./numbering.ts";

/** The facts about a scenario that a {@link Judge} needs. */
export interface JudgeOptions {
  readonly ownWording: boolean;
  /** True if the peer must behave as recorded, without habits of its own. */
  readonly isStrict: boolean;
  /** True if one of our side's imports is the result of a call to a stream's writing end. */
  isStreamCall(id: number): boolean;
}

/** Compares a peer's messages with the recorded ones. */
export class Judge {
  readonly numbering = new Numbering();
  /** The peer's habits that made a difference. */
  readonly habits = new Set<Habit>();
  readonly #options: JudgeOptions;
  readonly #tolerance: Tolerance;
  /** Habits seen in the current comparison. */
  #noticed: Habit[] = [];

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#tolerance = options.isStrict
      ? {}
      : {
          ownWording: options.ownWording,
          noticed: (habit) => this.#noticed.push(habit),
          sameExport: (recorded, own) => {
            if (recorded !== own) this.#noticed.push("export ids");
            this.numbering.exported(recorded, own);
            return true;
          },
        };
  }

  /** Tells whether a message means the same as the recorded one. Notes the habits that it shows. */
  accepts(recorded: readonly unknown[], actual: readonly unknown[]): boolean {
    this.#noticed = [];
    const [tag, , ...operands] = recorded;
    const isSettlement = tag === "resolve" || tag === "reject";
    const expected = isSettlement
      ? [tag, this.numbering.expected(recorded)[1], ...operands]
      : recorded;
    const isAccepted =
      matches(expected, this.numbering.fromPeer(actual), this.#tolerance) ||
      this.#isNullForUndefined(recorded, actual);
    this.numbering.settle(isAccepted);
    if (isAccepted) for (const habit of this.#noticed) this.habits.add(habit);
    return isAccepted;
  }

  #isNullForUndefined(
    [tag, id, value]: readonly unknown[],
    [actualTag, actualId, actual]: readonly unknown[],
  ): boolean {
    if (this.#options.isStrict || actual !== null || !matches(["undefined"], value)) return false;
    if (tag !== "resolve" || actualTag !== tag || actualId !== id) return false;
    if (!this.#options.isStreamCall(id as number)) return false;
    this.#noticed.push("null for undefined");
    return true;
  }

  /**
   * Takes a property that a peer pushes separately, to refer to its id.
   *
   * @returns the peer's id for it; `undefined` if the message is something else
   */
  takeProperty(actual: readonly unknown[]): number | undefined {
    if (this.#options.isStrict) return undefined;
    const [tag, expression] = this.numbering.fromPeer(actual);
    if (tag !== "push" || !Array.isArray(expression) || expression.length !== 3) return undefined;
    const [kind, id, path] = expression;
    if (kind !== "pipeline" || !Array.isArray(path) || path.length === 0) return undefined;
    this.habits.add("property as a get");
    return this.numbering.introducedProperty({ id, path });
  }

  /** The error for a message that isn't accepted. */
  complaint(recorded: readonly unknown[], actual: readonly unknown[]): ConformanceError {
    const expected = this.numbering.expected(recorded);
    return new ConformanceError(`expected ${show(expected)}, got ${show(actual)}`, {
      difference: differenceOf(recorded, this.numbering.fromPeer(actual)),
    });
  }
}
