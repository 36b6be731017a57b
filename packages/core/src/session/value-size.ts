import { memoryOf } from "./message-size.ts";

/** As how many bytes a member of an object or list counts besides its value. */
const MEMBER = 16;

/** As how many bytes every object counts, besides its members. */
const CONTAINER = 48;

/** As how many bytes an object counts that is no container: a `Request` or `Headers`, at most. */
const OTHER = 3_072;
const SMALL = 768;

/** How many members of a plain value are looked at before it is taken for a large one. */
const MOST_QUICK = 4_096;

/**
 * About how many bytes of memory a result takes that is kept for the peer. Looks at no more of it
 * than `most` bytes.
 *
 * @param meet told of each object in it that is neither plain nor a list
 */
export function sizeOfValue(value: unknown, most: number, meet: (other: object) => void): number {
  const walk = { left: MOST_QUICK };
  const size = sizeOfPlain(value, walk);
  return walk.left >= 0 ? size : sizeOfAny(value, most, meet);
}

/**
 * The size of a small tree of plain objects, lists and scalars, as most results are. Parts that stand
 * in several places count several times.
 *
 * @param walk no members are left in it if the value isn't one of those
 */
function sizeOfPlain(value: unknown, walk: { left: number }): number {
  if (typeof value === "string") return MEMBER + memoryOf(value);
  if (typeof value !== "object" || value === null) {
    if (typeof value === "bigint") walk.left = -1;
    return MEMBER;
  }
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) {
    walk.left = -1;
    return 0;
  }
  const list = members(value);
  walk.left -= list.length + 1;
  let size = MEMBER + CONTAINER;
  for (let i = 0; walk.left >= 0 && i < list.length; i++) size += sizeOfPlain(list[i], walk);
  return size;
}

function sizeOfAny(value: unknown, most: number, meet: (other: object) => void): number {
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
      meet(each);
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
  if (Array.isArray(container)) return container;
  try {
    return Object.values(container);
  } catch {
    return readableMembers(container as Record<string, unknown>);
  }
}

/** The members of an object of which a getter fails. The answer fails as well, but holds the others. */
function readableMembers(object: Record<string, unknown>): unknown[] {
  const readable: unknown[] = [];
  for (const key in object) {
    try {
      readable.push(object[key]);
    } catch {
      // Fails again for the receiver.
    }
  }
  return readable;
}
