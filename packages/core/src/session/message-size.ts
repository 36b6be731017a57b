/**
 * The values of a message tree that are looked at: as many as a server decodes by default. In a
 * structured clone one container can stand in several places, or in itself, and the size is asked for
 * before the decoder refuses that.
 */
const MOST_LOOKED_INTO = 2 ** 20;

/** As how many bytes a value counts that is neither text nor bytes, and a member besides its value. */
const VALUE = 8;
const MEMBER = 3;

/**
 * About how many bytes a message tree will take, for flow control on transports that encode it
 * themselves and can't say. A tree with more than {@link MOST_LOOKED_INTO} values counts as less than
 * it takes, unless the rest of them is one list.
 */
export function estimateSize(tree: unknown): number {
  if (!isContainer(tree)) return sizeOfLeaf(tree);
  let size = 0;
  let left = MOST_LOOKED_INTO;
  const containers: object[] = [tree];
  // Not recursive: no limit of depth has been applied yet.
  for (let each = containers.pop(); each; each = containers.pop()) {
    size += 2;
    if (Array.isArray(each)) {
      for (let i = 0; i < each.length; i++) {
        if (left-- <= 0) return size + (each.length - i) * (MEMBER + VALUE);
        size += MEMBER + add(each[i], containers);
      }
    } else {
      for (const key in each) {
        if (left-- <= 0) return size;
        size += key.length + 2 + add((each as Record<string, unknown>)[key], containers);
      }
    }
  }
  return size;
}

/** Adds `value` to `containers` if it is one, which count later; gives the size of any other. */
function add(value: unknown, containers: object[]): number {
  if (!isContainer(value)) return sizeOfLeaf(value);
  containers.push(value);
  return 0;
}

function sizeOfLeaf(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  return ArrayBuffer.isView(value) ? value.byteLength : VALUE;
}

/** Whether a value is a list or an object of which the members are sent; reading others may run code. */
function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && (Array.isArray(value) || isPlain(value));
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null;
}

/** Texts shorter than this are taken to have a byte for each code unit. */
const LEAST_LOOKED_AT = 4_096;

/** How many bytes of memory a text takes: two for each code unit, if one is above U+00FF. */
export function memoryOf(text: string): number {
  if (text.length < LEAST_LOOKED_AT) return text.length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all that a byte holds.
  return /[^\x00-\xff]/.test(text) ? 2 * text.length : text.length;
}

/** The size of a message: of text in UTF-16 code units, else about. */
export function sizeOf(message: unknown): number {
  return typeof message === "string" ? message.length : estimateSize(message);
}
