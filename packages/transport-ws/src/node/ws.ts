// Not by name: bundles often begin with an import of `createRequire` that this one would clash
// with.
import * as nodeModule from "node:module";
import type * as Ws from "ws";
import { NoWebSocketError } from "../errors.ts";

type Require = (name: string) => unknown;

/** That of a bundler, which puts `ws` in its place. An ES module of Node has none. */
declare const require: Require;

let loaded: typeof Ws | undefined;

/**
 * The `ws` package. It is required when first used rather than imported: a failed import says only
 * where it was, and a module that awaits one can't be loaded by `require`.
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
    // As it stands, so that bundlers find it.
    return require("ws");
  } catch (error) {
    if (!isNoRequire(error)) throw error;
    return nodeModule.createRequire(import.meta.url)("ws");
  }
}

/** Whether there is no `require` here, or only a bundler's that refuses what it left out. */
function isNoRequire(error: unknown): boolean {
  if (error instanceof ReferenceError) return true;
  return error instanceof Error && error.message.startsWith('Dynamic require of "ws"');
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "MODULE_NOT_FOUND";
}
