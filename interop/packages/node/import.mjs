import { readFileSync } from "node:fs";
import { makeCalls } from "./calls.mjs";

const entries = JSON.parse(readFileSync(new URL("entries.json", import.meta.url), "utf8"));
for (const entry of entries) await import(entry);
await makeCalls((name) => import(name));
