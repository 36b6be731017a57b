// Not imported by name: many bundles begin with an import of `createRequire`, and this import would
// clash with it.
import * as nodeModule from "node:module";
import type * as Ws from "ws";
import { NoWebSocketError } from "../errors.ts";

type Require = (name: string) => unknown;

/** The `require` of a bundler, which puts `ws` in its place. An ES module of Node has none. */
declare const require: Require;

let loaded: typeof Ws | undefined;

/**
 * The `ws` package. It is required at first use, not imported: the error of a failed import names
 * only the importing file, and a module that awaits an import can't be loaded by `require`.
 *
 * @param requireHere for tests
 * @throws NoWebSocketError if the package isn't installed
 */
export function loadWs(requireHere?: Require): typeof Ws {
  if (loaded && !requireHere) return loaded;
  try {
    loaded = (requireHere ? requireHere("ws") : requireWs()) as typeof Ws;
    return loaded;
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new NoWebSocketError(
      "@capnweb/transport-ws/node needs the package ws, which isn't installed: npm install ws",
      { cause },
    );
  }
}

function requireWs(): unknown {
  try {
    // A literal call, which bundlers find.
    return require("ws");
  } catch (error) {
    if (!isNoRequire(error)) throw error;
    return nodeModule.createRequire(import.meta.url)("ws");
  }
}

/** True if `require` doesn't exist here, or is a bundler's that refuses modules it left out. */
function isNoRequire(error: unknown): boolean {
  if (error instanceof ReferenceError) return true;
  return error instanceof Error && error.message.startsWith('Dynamic require of "ws"');
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "MODULE_NOT_FOUND";
}
