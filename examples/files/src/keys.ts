import { readFileSync, writeFileSync } from "node:fs";
import { generateSecret, KeyRing } from "@capnweb/durable";

/**
 * The key of the tokens, from a file that only this user can read. It is made at the first start,
 * so that tokens outlive restarts.
 */
export function loadKeys(path: string): KeyRing {
  try {
    writeFileSync(path, generateSecret(), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return new KeyRing([{ id: "1", secret: readFileSync(path, "utf8") }]);
}
