import { readFileSync } from "node:fs";

/** The measured packages, and the one that all of them run on. */
const MEASURED = [
  "@capnweb/core",
  "capnweb",
  "@trpc/server",
  "@orpc/server",
  "birpc",
  "socket.io",
  "ws",
];

/** The installed versions of all measured packages. */
export function measuredVersions(): Record<string, string> {
  return Object.fromEntries(
    MEASURED.map((name) => {
      const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
      return [name, JSON.parse(readFileSync(manifest, "utf8")).version];
    }),
  );
}
