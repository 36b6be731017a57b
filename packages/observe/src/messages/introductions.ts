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
    if (Array.isArray(part)) {
      const [tag, id] = part as unknown[];
      const introduces = tag === "export" || tag === "promise" || tag === "writable";
      if (introduces && typeof id === "number") found.push({ tag, id });
      for (const each of part) visit(each, level + 1);
    } else if (isPlain(part)) {
      for (const each of Object.values(part)) visit(each, level + 1);
    }
  };
  visit(expression, 0);
  return found;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
