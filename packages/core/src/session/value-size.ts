import { memoryOf } from "./message-size.ts";

/** As how many bytes a member of an object or list counts besides its value. */
const MEMBER = 16;

/** As how many bytes every object counts, besides its members. */
const CONTAINER = 48;

/** As how many bytes an object counts that is no container: a `Request` or `Headers`, at most. */
const OTHER = 3_072;
const SMALL = 768;

/**
 * About how many bytes of memory a result takes that is kept for the peer. Looks at no more of it
 * than `most` bytes.
 */
export function sizeOfValue(value: unknown, most: number): number {
  let size = 0;
  const seen = new Set<object>();
  const rest: unknown[] = [value];
  while (rest.length > 0 && size <= most) {
    const each = rest.pop();
    size += MEMBER;
    if (typeof each === "string") size += memoryOf(each);
    // A base that is a power of two takes linear time.
    if (typeof each === "bigint") size += each.toString(32).length;
    if (typeof each !== "object" || each === null || seen.has(each)) continue;
    seen.add(each);
    size += CONTAINER;
    if (ArrayBuffer.isView(each) || each instanceof ArrayBuffer) size += each.byteLength;
    else if (Array.isArray(each) || Object.getPrototypeOf(each) === Object.prototype) {
      for (const member of members(each)) rest.push(member);
    } else {
      size += each instanceof Error || each instanceof Date ? SMALL : OTHER;
      if (each instanceof URL) size += each.href.length;
      if (each instanceof Error) rest.push(...errorMembers(each));
    }
  }
  return size;
}

function errorMembers(error: Error): readonly unknown[] {
  try {
    return [...Object.values(error), error.cause, (error as AggregateError).errors];
  } catch {
    return [];
  }
}

function members(container: object): readonly unknown[] {
  try {
    return Array.isArray(container) ? container : Object.values(container);
  } catch {
    // A getter that fails: the answer fails as well, and holds nothing.
    return [];
  }
}
