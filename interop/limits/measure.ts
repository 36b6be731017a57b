// Measures an attacker's gain just below each limit: `npm run limits`. Fails if a gain is more than
// twice the one in docs/limits.md; `--write` puts the figures there.
import { readFileSync, writeFileSync } from "node:fs";
import { VALUES, WORK } from "./messages.ts";
import { type Attack, effectOf } from "./most.ts";
import { type Figures, type MessageFigures, page } from "./page.ts";
import { floodedTurn, idleSessions, idleSockets, results, tables } from "./sessions.ts";

const FIGURES = new URL("figures.json", import.meta.url);
const PAGE = new URL("../../docs/limits.md", import.meta.url);

async function measured(attacks: Readonly<Record<string, Attack>>) {
  const all: Record<string, MessageFigures> = {};
  for (const [name, attack] of Object.entries(attacks)) {
    const { ms, bytes, length } = await effectOf(attack);
    all[name] = { ms: Math.round(ms), bytes: Math.round(bytes), length };
    console.log(
      `${name}: ${length} code units, ${Math.round(ms)} ms, ${Math.round(bytes / 1e5) / 10} MB`,
    );
  }
  return all;
}

const figures: Figures = {
  node: process.versions.node.split(".")[0]!,
  values: await measured(VALUES),
  work: await measured(WORK),
  results: await results(),
  others: {
    ...(await tables()),
    turnBudget: await floodedTurn(),
    idleSessions: await idleSessions(),
    idleSockets: await idleSockets(),
  },
};
console.log(figures.results, figures.others);

if (process.argv.includes("--write")) {
  writeFileSync(FIGURES, `${JSON.stringify(figures, undefined, 2)}\n`);
  writeFileSync(PAGE, page(figures));
} else {
  const written = JSON.parse(readFileSync(FIGURES, "utf8")) as Figures;
  for (const gain of grown(written)) {
    console.error(
      `${gain} is more than twice what docs/limits.md says: run npm run limits -- --write.`,
    );
    process.exitCode = 1;
  }
}
process.exit();

/** The gains that are more than twice as large as the written ones. */
function grown(written: Figures): string[] {
  const isMore = (now: number, then: number | undefined, least: number) =>
    now > 2 * Math.max(then ?? 0, least);
  const names: string[] = [];
  for (const group of ["values", "work"] as const) {
    for (const [name, { ms, bytes }] of Object.entries(figures[group])) {
      const then = written[group][name];
      if (isMore(ms, then?.ms, 50) || isMore(bytes, then?.bytes, 5e6)) names.push(name);
    }
  }
  for (const group of ["results", "others"] as const) {
    for (const [name, now] of Object.entries(figures[group])) {
      if (isMore(now, written[group][name], 20)) names.push(name);
    }
  }
  return names;
}
