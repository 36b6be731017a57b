declare const process: { readonly env?: { readonly NODE_ENV?: string } } | undefined;
declare const console: { warn?(message: string): void } | undefined;

/** Places that were warned about. */
const warned = new Set<string>();

/** Most places to warn about. */
const MOST_PLACES = 64;

/**
 * Tells a developer, once per place, that a stub was forgotten. Does nothing in production, or
 * without `process`.
 *
 * @param made the stack of the call that gave the stub, if it was kept
 */
export function warnOfForgotten(made: string | undefined): void {
  if (typeof process === "undefined") return;
  // By itself, so that bundlers see that a production build needs none of the rest.
  if (process.env?.NODE_ENV === "production") return;
  const place = made?.slice(made.indexOf("\n") + 1) ?? "";
  if (warned.has(place) || warned.size > MOST_PLACES) return;
  warned.add(place);
  if (typeof console === "undefined") return;
  const where = place
    ? `It was made by:\n${place}`
    : 'Start the session with `releaseForgotten: "trace"` to be told where it was made.';
  console.warn?.(
    "An RPC stub was garbage-collected without having been disposed of; the session has " +
      "released it. Dispose of stubs, with `using` for example: collection is late, and may " +
      `never come. ${where}`,
  );
}
