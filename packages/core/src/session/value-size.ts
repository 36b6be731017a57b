/** As how many bytes a member of an object or list counts besides its value. */
const MEMBER = 16;

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
    if (typeof each === "string") size += each.length;
    if (typeof each !== "object" || each === null || seen.has(each)) continue;
    seen.add(each);
    if (ArrayBuffer.isView(each) || each instanceof ArrayBuffer) size += each.byteLength;
    else if (Array.isArray(each) || Object.getPrototypeOf(each) === Object.prototype) {
      for (const member of members(each)) rest.push(member);
    } else size += 256;
  }
  return size;
}

function members(container: object): readonly unknown[] {
  try {
    return Array.isArray(container) ? container : Object.values(container);
  } catch {
    // A getter that fails: the answer fails as well, and holds nothing.
    return [];
  }
}
