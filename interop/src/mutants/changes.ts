/** Changes every tree in a tree, from the leaves up. */
export function changeAll(tree: unknown, change: (tree: any) => unknown): unknown {
  if (Array.isArray(tree)) return change(tree.map((each) => changeAll(each, change)));
  if (typeof tree !== "object" || tree === null) return change(tree);
  const entries = Object.entries(tree).map(([key, each]) => [key, changeAll(each, change)]);
  return change(Object.fromEntries(entries));
}

/** Changes every expression with a tag. */
export const changeTagged =
  (tag: string, change: (expression: any[]) => unknown) =>
  (tree: unknown): unknown =>
    changeAll(tree, (each) => (Array.isArray(each) && each[0] === tag ? change(each) : each));

/** True if a message is a result or a failure. */
export const isSettlement = ([tag]: readonly unknown[]): boolean =>
  tag === "resolve" || tag === "reject";

/** True if a message is a call to a stream's writing end. */
export function isStreamCall([tag, expression]: readonly any[]): boolean {
  return (
    (tag === "stream" || tag === "push") &&
    expression?.[0] === "pipeline" &&
    expression[1] !== 0 &&
    ["write", "close", "abort"].includes(expression[2]?.[0])
  );
}

/** True if a message introduces an import of its sender. */
export const isIntroduction = ([tag]: readonly unknown[]): boolean =>
  tag === "push" || tag === "stream" || tag === "pipe";
