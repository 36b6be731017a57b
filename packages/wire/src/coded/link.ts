/** The place of the catalogue. The site's build makes a page of each file in `docs/errors`. */
const CATALOGUE = "https://capnweb-ts.github.io/capnweb-ts/errors/";

const LINE = "\n  Explained at ";

/**
 * The most errors of one code that get a link within `WINDOW` milliseconds. To format a stack takes
 * as long as to throw the error, which a loop of failures would notice. A reader needs one link in
 * a burst of errors.
 */
const MOST_LINKS = 10;
const WINDOW = 100;

/** The links of each code in its current window. Bounded, because classes choose the codes. */
const windows = new Map<string, { readonly since: number; links: number }>();

/**
 * Adds a link to the stack of an error. Consoles show the stack, and the link with it: they don't
 * show getters, and those of browsers know no other way. The message stays as it is.
 */
export function link(error: Error): void {
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== "string" || !isDue(code)) return;
  // Some engines have none before the error is thrown.
  if (typeof error.stack === "string") error.stack += LINE + CATALOGUE + code;
}

function isDue(code: string): boolean {
  const now = Date.now();
  let window = windows.get(code);
  if (!window || Math.abs(now - window.since) >= WINDOW) {
    window = { since: now, links: 0 };
    windows.set(code, window);
  }
  return window.links++ < MOST_LINKS;
}

/** A stack without the link. */
export function unlinked(stack: string): string {
  const at = stack.lastIndexOf(LINE + CATALOGUE);
  if (at === -1) return stack;
  const end = stack.indexOf("\n", at + 1);
  return stack.slice(0, at) + (end === -1 ? "" : stack.slice(end));
}

/** True if the developer turned links off. */
export function isOff(): boolean {
  try {
    // Bundlers replace exactly this expression, if they are told to.
    return process.env.CAPNWEB_ERROR_LINKS === "off";
  } catch {
    return false;
  }
}

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
