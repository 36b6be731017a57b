import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { thisMachine } from "../../src/driver/machine.ts";
import { chart } from "./chart.ts";
import { page } from "./page.ts";
import type { Conditions, LoadRecord } from "./results.ts";

const RECORD = docs("load.json");

/** The conditions of a measurement that begins now. */
export function conditions(): Conditions {
  return { date: new Date().toISOString(), node: process.version, machine: thisMachine() };
}

/** The recorded results. */
export function readRecord(): LoadRecord {
  return existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, "utf8")) : {};
}

/** Puts one command's results in the place of earlier ones, and writes the page and its picture. */
export function writeResults(part: LoadRecord): void {
  const json = JSON.stringify({ ...readRecord(), ...part }, rounded, 2);
  // The page has the recorded digits.
  const record: LoadRecord = JSON.parse(json);
  writeFileSync(RECORD, `${json}\n`);
  writeFileSync(docs("load.md"), page(record));
  writeFileSync(docs("load.svg"), chart(record));
  console.log("Written: docs/load.json, docs/load.md and docs/load.svg.");
}

/** Four digits of measured figures, because more would be noise. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value)
    ? Number(value.toPrecision(4))
    : value;
}

function docs(file: string): string {
  return fileURLToPath(new URL(`../../../docs/${file}`, import.meta.url));
}
