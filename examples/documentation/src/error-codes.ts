import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGES = fileURLToPath(new URL("../../../packages/", import.meta.url));

/** A file of a published package. */
export interface Source {
  readonly package: string;
  readonly path: string;
  readonly text: string;
}

/** All sources of the published packages. */
export function sources(): Source[] {
  return readdirSync(PACKAGES).flatMap((name) =>
    readdirSync(join(PACKAGES, name, "src"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => ({
        package: name,
        path,
        text: readFileSync(join(PACKAGES, name, "src", path), "utf8"),
      })),
  );
}

/** The places where a class or a type says which codes its errors have. */
const DECLARATIONS = [
  /get code\(\): ((?:"[A-Z_]+"(?: \| )?)+)/g,
  /readonly code(?:: | = )((?:"[A-Z_]+"(?: \| )?)+)/g,
  /type \w+ErrorCode =([^;]+);/g,
  // The service of durable capabilities gives them to clients.
  /export const (?:REFUSED|UNAVAILABLE) = ("\w+")/g,
];

/** The codes of each package, as its sources declare them. */
export function declaredCodes(from: readonly Source[]): Map<string, Set<string>> {
  const codes = new Map<string, Set<string>>();
  for (const source of from) {
    const found = DECLARATIONS.flatMap((declaration) =>
      [...source.text.matchAll(declaration)].flatMap(([, names]) =>
        [...names!.matchAll(/"([A-Z][A-Z_]+)"/g)].map(([, name]) => name!),
      ),
    );
    if (found.length === 0) continue;
    const known = codes.get(source.package) ?? new Set();
    for (const code of found) known.add(code);
    codes.set(source.package, known);
  }
  return codes;
}

/** The classes whose errors have a `code`, by the classes that they extend. */
export function codedClasses(from: readonly Source[]): { name: string; source: Source }[] {
  return from.flatMap((source) =>
    [...source.text.matchAll(/class (\w+) extends Coded\w*Error\b/g)].map(([, name]) => ({
      name: name!,
      source,
    })),
  );
}
