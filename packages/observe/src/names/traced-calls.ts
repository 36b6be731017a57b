const traced = new WeakSet<object>();

/** Notes that a call's `traceparent` is its own: no other call leaves with it. */
export function markTraced(call: object): void {
  traced.add(call);
}

/** True if no other call has the `traceparent` of this one. */
export function isTraced(call: object): boolean {
  return traced.has(call);
}
