import type { ValueTable } from "@capnweb/wire";
import { DEFAULT_MEMORY, isObject, isPlain } from "@capnweb/wire/internal";
import { CONTAINER_BYTES, MEMBER_BYTES, STUB_BYTES } from "../call-context/counts.ts";
import { typeOf } from "./containers.ts";
import { Shapes } from "./shapes.ts";

/** The state of a walk through one value. */
interface Walk {
  /** The number of members still to look at. */
  left: number;
  size: number;
  readonly most: number;
  readonly shapes: Shapes;
}

/**
 * The most bytes of memory that a text in a value takes. A long text counts two bytes for each code
 * unit without a look at it: one text can stand in many places, and each would read it again.
 */
export function sizeOfText(text: string): number {
  // The length below which a text counts a byte for each code unit.
  const LEAST_LONG = 4_096;
  return text.length < LEAST_LONG ? text.length : 2 * text.length;
}

/**
 * The approximate bytes of memory of a value that is kept for the peer. Stops counting at `most`
 * bytes.
 *
 * @param table says how much memory values take that are neither plain nor lists
 * @param meet called with each of these
 */
export function sizeOfValue(
  value: unknown,
  most: number,
  table?: ValueTable,
  meet?: (other: object) => void,
): number {
  // Most members of a plain value to look at before it counts as large.
  const MOST_QUICK = 4_096;
  const walk = { left: MOST_QUICK, size: 0, most, shapes: new Shapes() };
  try {
    walkPlain(value, walk);
    if (walk.left >= 0) return walk.size;
  } catch {
    // A proxy of the application, which may do anything.
  }
  return sizeOfAny(value, most, table, meet);
}

/**
 * Walks through a small tree of plain objects, lists and scalars, which most results are. Parts
 * that stand in several places count several times. Leaves no members in `walk` if the value isn't
 * such a tree.
 */
function walkPlain(value: unknown, walk: Walk): void {
  walk.size += sizeOfMember(value);
  if (!isObject(value)) return;
  walk.size += CONTAINER_BYTES;
  walk.left--;
  if (Array.isArray(value)) walkList(value, walk);
  else if (isPlain(value)) walkRecord(value as Readonly<Record<string, unknown>>, walk);
  else walk.left = -1;
}

function walkList(list: readonly unknown[], walk: Walk): void {
  walk.left -= list.length;
  for (let i = 0; i < list.length && walk.left >= 0 && walk.size <= walk.most; i++) {
    walkPlain(list[i], walk);
  }
}

/** Makes no list of the names of a record that looks like the last one. */
function walkRecord(record: Readonly<Record<string, unknown>>, walk: Walk): void {
  const { latest } = walk.shapes;
  let count = 0;
  let isKnown = true;
  for (const key in record) {
    if (latest[count++] !== key) isKnown = false;
    if (--walk.left < 0 || walk.size > walk.most) return;
    walkPlain(record[key], walk);
  }
  if (!isKnown || latest.length !== count) {
    walk.size += walk.shapes.sizeOf(Object.keys(record));
  }
}

/** The bytes of a member, besides the content of a container. */
function sizeOfMember(value: unknown): number {
  if (typeof value === "string") return MEMBER_BYTES + sizeOfText(value);
  if (typeof value === "function") return MEMBER_BYTES + STUB_BYTES;
  // A base that is a power of two takes linear time.
  return typeof value === "bigint" ? MEMBER_BYTES + value.toString(32).length : MEMBER_BYTES;
}

/** True if a container is a list; `undefined` if it isn't a plain container. */
function isListOf(value: object): boolean | undefined {
  if (Array.isArray(value)) return true;
  return isPlain(value) ? false : undefined;
}

function sizeOfAny(
  value: unknown,
  most: number,
  table: ValueTable | undefined,
  meet: ((other: object) => void) | undefined,
): number {
  const walk = { left: 0, size: sizeOfMember(value), most, shapes: new Shapes() };
  if (!isObject(value)) return walk.size;
  const seen = new Set<object>();
  const rest: object[] = [value];
  // Scalars, of which most lists consist, never wait in `rest`.
  const take = (member: unknown) => {
    walk.size += sizeOfMember(member);
    if (isObject(member)) rest.push(member);
  };
  while (walk.size <= most) {
    const each = rest.pop();
    if (each === undefined) break;
    if (seen.has(each)) continue;
    seen.add(each);
    walk.size += CONTAINER_BYTES;
    try {
      const isList = isListOf(each);
      // Taken one by one, because the stack limits a list of arguments.
      if (isList !== undefined) {
        const parts = isList ? (each as unknown[]) : members(each, walk);
        // A list of holes may be far longer than the memory that it takes.
        const least = walk.size + MEMBER_BYTES * parts.length;
        if (least > most) return least;
        for (const member of parts) take(member);
      } else {
        meet?.(each);
        const type = table && typeOf(each, table);
        walk.size += type?.memory?.(each) ?? memoryOfUnknown(each);
        for (const part of type?.parts?.(each) ?? []) take(part);
      }
    } catch {
      // A proxy or getter of the application failed. The answer fails as well.
    }
  }
  return walk.size;
}

/** The memory of a value whose row names none, or that has no row and fails when it is sent. */
function memoryOfUnknown(value: object): number {
  return ArrayBuffer.isView(value) ? value.byteLength : DEFAULT_MEMORY;
}

/** The members of an object. Counts their names. */
function members(object: object, walk: Walk): readonly unknown[] {
  // The least number of members from which an object is read member by member.
  const MANY = 64;
  let keys: readonly string[] = [];
  try {
    keys = Object.keys(object);
    walk.size += walk.shapes.sizeOf(keys);
    // For a large object, listing its members twice takes long.
    if (keys.length < MANY) return Object.values(object);
    return readableMembers(object as Record<string, unknown>, keys);
  } catch {
    return readableMembers(object as Record<string, unknown>, keys);
  }
}

/**
 * The members of an object, except those whose getter fails. The getter fails the answer as well.
 */
function readableMembers(object: Record<string, unknown>, keys: readonly string[]): unknown[] {
  const readable: unknown[] = [];
  for (const key of keys) {
    try {
      readable.push(object[key]);
    } catch {
      // The getter fails again for the receiver.
    }
  }
  return readable;
}

/** True for values that are small, and have nothing to count or to own. */
export function isSmall(value: unknown): boolean {
  return Number.isFinite(value) || typeof value === "boolean" || value === null;
}
