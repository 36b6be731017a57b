// Which file may import which, type imports included. `npm run check:dependencies` enforces it, and draws the
// picture in ARCHITECTURE.md.
import { PACKAGES, ROOMS } from "./scripts/rooms.mjs";

/** Folders whose files may refer to each other in a circle; each says why in its README. */
const CIRCLES = "^packages/core/src/(model|types)/";

/** Each of `places`, given from the bottom up, imports only those that come before it. */
function downwards(places, name) {
  return places.slice(0, -1).map((place, i) => ({
    name: `${name}: ${place.name}`,
    severity: "error",
    from: { path: place.path },
    to: { path: places.slice(i + 1).map(({ path }) => path) },
  }));
}

export default {
  forbidden: [
    {
      name: "no circles",
      severity: "error",
      from: { pathNot: CIRCLES },
      to: { circular: true },
    },
    {
      name: "no unknown import",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^(bun|cloudflare):" },
    },
    ...downwards(PACKAGES, "packages"),
    ...downwards(ROOMS, "rooms of core"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["/dist/", "node_modules"] },
    includeOnly: "^packages/[^/]+/src/",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
      extensions: [".ts"],
    },
  },
};
