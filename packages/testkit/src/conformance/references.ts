/** Changes to the ids in an expression. */
export interface IdChanges {
  /** Maps an export of the receiver to a reference. */
  target(id: number): Target;
  /** Maps a pipe of the sender, which the sender names by its import. */
  pipe(id: number): number;
}

/** A reference: an id, and the path of a property. */
export interface Target {
  readonly id: number;
  readonly path: readonly unknown[];
}

/**
 * The expression with other ids. The instructions of a `remap` have ids of their own, which stay.
 */
export function withIds(expression: unknown, changes: IdChanges): unknown {
  if (typeof expression !== "object" || expression === null) return expression;
  const inner = (each: unknown) => withIds(each, changes);
  if (!Array.isArray(expression)) {
    return Object.fromEntries(Object.entries(expression).map(([key, each]) => [key, inner(each)]));
  }
  const [tag, id, ...operands] = expression as unknown[];
  // Nothing in it is an expression.
  if (tag === "json") return expression;
  // The elements of a literal array are expressions, but their list isn't one.
  if (Array.isArray(tag) && expression.length === 1) return [tag.map(inner)];
  if (typeof id !== "number") return expression.map(inner);
  switch (tag) {
    case "readable":
      return [tag, changes.pipe(id)];
    case "import":
    case "pipeline":
    case "remap":
      return reference(tag, changes.target(id), operands, inner);
    default:
      return expression.map(inner);
  }
}

/**
 * Changes a reference: a path, then arguments or captures, whose list of expressions isn't one
 * itself.
 */
function reference(
  tag: string,
  { id, path: outer }: Target,
  [path, list, ...instructions]: readonly unknown[],
  inner: (each: unknown) => unknown,
): unknown[] {
  const whole = outer.length > 0 ? [...outer, ...(Array.isArray(path) ? path : [])] : path;
  if (whole === undefined) return [tag, id];
  const head = [tag === "import" ? "pipeline" : tag, id, whole];
  if (list === undefined) return head;
  return [...head, Array.isArray(list) ? list.map(inner) : list, ...instructions];
}
