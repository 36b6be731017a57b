import { partsOf } from "@capnweb/wire/internal";

/** Further levels and parts of a message aren't looked at. */
const MOST_LEVELS = 64;
const MOST_VISITED = 100_000;

/**
 * The capabilities that an expression hands over: the ids of `export`, `promise` and `writable`,
 * once for each time that they occur. Its work is bounded.
 */
export function introducedIn(expression: unknown): { tag: string; id: number }[] {
  const found: { tag: string; id: number }[] = [];
  let visited = 0;
  const visit = (part: unknown, level: number) => {
    if (typeof part !== "object" || part === null) return;
    if (level > MOST_LEVELS || ++visited > MOST_VISITED) return;
    const [tag, id, , captures] = Array.isArray(part) ? (part as unknown[]) : [];
    const introduces = tag === "export" || tag === "promise" || tag === "writable";
    if (introduces && typeof id === "number") found.push({ tag, id });
    const parts = tag === "remap" && Array.isArray(captures) ? captures : partsOf(part);
    for (const each of parts) visit(each, level + 1);
  };
  visit(expression, 0);
  return found;
}
