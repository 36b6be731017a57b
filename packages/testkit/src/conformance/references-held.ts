import { isIntroduction } from "./messages.ts";

const EXPORTS: readonly unknown[] = ["export", "promise", "writable"];
const REFERENCES: readonly unknown[] = ["import", "pipeline", "remap"];

/** The references that a peer holds, to notice that it uses one after its release. */
export class ReferencesHeld {
  /** The number of references to each of our exports. */
  readonly #exports = new Map<number, number>();
  /** The peer's imports that it has released. */
  readonly #released = new Set<number>();
  #introduced = 0;

  /** Notes a message of our side. */
  said(message: readonly unknown[]): void {
    visit(message, (tag, id) => {
      if (EXPORTS.includes(tag) && id < 0) {
        this.#exports.set(id, (this.#exports.get(id) ?? 0) + 1);
      }
    });
  }

  /**
   * Notes a message of the peer.
   *
   * @returns the id that the message refers to although the peer has released it
   */
  heard(message: readonly unknown[]): number | undefined {
    const [tag, id, count] = message as [unknown, number, number];
    if (tag === "release") {
      const held = this.#exports.get(id);
      if (held !== undefined) this.#exports.set(id, held - count);
      else if (id > 0) this.#released.add(id);
      return undefined;
    }
    if (tag === "pull") return this.#isReleased(id) ? id : undefined;
    let used: number | undefined;
    visit(message, (kind, each) => {
      if (REFERENCES.includes(kind) && this.#isReleased(each)) used ??= each;
    });
    if (isIntroduction(message)) this.#introduced++;
    return used;
  }

  #isReleased(id: number): boolean {
    if (id > 0) return id <= this.#introduced && this.#released.has(id);
    const held = this.#exports.get(id);
    return held !== undefined && held <= 0;
  }
}

/**
 * Visits each expression that names an id. The instructions of a `remap` have ids of their own.
 * Without recursion, because a peer chooses the depth.
 */
function visit(message: unknown, found: (tag: unknown, id: number) => void): void {
  const trees = [message];
  while (trees.length > 0) {
    const tree = trees.pop();
    if (typeof tree !== "object" || tree === null) continue;
    const [tag, id, , captures] = Array.isArray(tree) ? (tree as unknown[]) : [];
    // Nothing in plain JSON is an expression.
    if (tag === "json") continue;
    if (typeof tag === "string" && typeof id === "number") found(tag, id);
    if (tag === "remap") trees.push(captures);
    else for (const each of Object.values(tree)) trees.push(each);
  }
}
