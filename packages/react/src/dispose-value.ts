/** Disposes of a value that the cache owns: a result, a stub, a promise, or a plain value. */
export function disposeValue(value: unknown): void {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
  (value as Partial<Disposable>)[Symbol.dispose]?.();
}
