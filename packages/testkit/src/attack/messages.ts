/** Messages and expressions as text, in forms that no encoder would write. */

/** A `push` of an expression. */
export function push(expression: string): string {
  return `["push",${expression}]`;
}

/** A `stream` of an expression. */
export function stream(expression: string): string {
  return `["stream",${expression}]`;
}

/** A `pull` of a result. */
export function pull(id: number): string {
  return `["pull",${id}]`;
}

/** A `resolve` of one of the sender's promises. */
export function resolve(id: number, expression: string): string {
  return `["resolve",${id},${expression}]`;
}

/** The expression of a call. */
export function call(id: number, path: readonly string[], ...args: string[]): string {
  return `["pipeline",${id},${JSON.stringify(path)},[${args.join(",")}]]`;
}

/** The expression of a result. */
export function result(id: number): string {
  return `["pipeline",${id}]`;
}

/** The expression of a list. */
export function list(...elements: string[]): string {
  return listOf(elements);
}

/** The expression of a list of any length. */
export function listOf(elements: readonly string[]): string {
  return `[[${elements.join(",")}]]`;
}

/** `count` copies of a text, with a separator. */
export function times(count: number, text: string, separator = ","): string {
  return Array(count).fill(text).join(separator);
}

/** One text for each number from `first` to `last`. */
export function range(first: number, last: number, text: (i: number) => string): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => text(first + i));
}

/** `text` inside `depth` pairs of brackets. */
export function nested(depth: number, open: string, text: string, close: string): string {
  return open.repeat(depth) + text + close.repeat(depth);
}

/** The length of a text that a server with a limit of 4 MiB still takes, in characters. */
export const UNDER_THE_LIMIT = 3_900_000;

/** Copies of an element, separated by commas: as many as fit into a message under the limit. */
export function filled(element: string, characters = UNDER_THE_LIMIT): string {
  return times(Math.floor(characters / (element.length + 1)), element);
}

/** The same text, up to a number of times. */
export function* repeat(count: number, text: string): Generator<string> {
  for (let i = 0; i < count; i++) yield text;
}
