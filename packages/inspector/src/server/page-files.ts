import { readFileSync } from "node:fs";
import { PageMissingError } from "./errors.ts";

/** A file of the page, as HTTP sends it. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** The folder of the built page, from `src/server` and from `dist/server`. */
const FOLDER = new URL("../../dist/page/", import.meta.url);

const FILES: Readonly<Record<string, string>> = {
  "index.html": "text/html; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
};

/**
 * The headers of every file. The page may load only its own files, connect only to its own server,
 * and not be framed. It may not turn texts into markup.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
};

/**
 * Reads the files of the page.
 *
 * @returns the files by their names
 * @throws PageMissingError if they haven't been built
 */
export function loadPage(): ReadonlyMap<string, PageFile> {
  try {
    return new Map(
      Object.entries(FILES).map(([name, type]) => [
        name,
        { type, body: readFileSync(new URL(name, FOLDER)) },
      ]),
    );
  } catch (cause) {
    throw new PageMissingError(cause);
  }
}
