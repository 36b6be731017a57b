/**
 * The key of a value in the cache. Objects and functions, such as stubs, are equal if they are the
 * same. All other parts are equal if their JSON is.
 */
export type RpcKey = readonly unknown[];

const ids = new WeakMap<object, number>();
let lastId = 0;

/** A text that is the same for equal keys. */
export function textOfKey(key: RpcKey): string {
  return key.map(textOfPart).join();
}

function textOfPart(part: unknown): string {
  // Never looks into an object: any property of a stub would be a call to its peer.
  if ((typeof part !== "object" || part === null) && typeof part !== "function") {
    return typeof part === "bigint" ? `${part}n` : String(JSON.stringify(part));
  }
  let id = ids.get(part);
  if (id === undefined) {
    id = ++lastId;
    ids.set(part, id);
  }
  return `#${id}`;
}
