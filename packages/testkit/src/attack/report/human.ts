import type { Figures } from "../attacker/figures.ts";
import type { AttackResult, Verdict } from "../result.ts";
import { growth } from "../server/memory.ts";

const WORDS: Readonly<Record<Verdict, string>> = {
  held: "held",
  hurt: "HURT",
  "not applicable": "n/a ",
  "not run": "none",
};

/** A result as lines: the verdict, the reasons, and the figures. */
export function resultLines(result: AttackResult): string {
  const { id, title, verdict, reasons } = result;
  const figures = figuresOf(result);
  return [
    `${WORDS[verdict]} ${id} ${title}`,
    ...reasons.map((reason) => `     ${reason}`),
    ...(figures === "" ? [] : [`     (${figures})`]),
    "",
  ].join("\n");
}

/** The number of results of each verdict. */
export function summary(results: readonly AttackResult[]): string {
  const verdicts = Object.keys(WORDS) as Verdict[];
  const counts = verdicts.map((verdict) => {
    const count = results.filter((each) => each.verdict === verdict).length;
    return `${count} ${verdict}`;
  });
  return `${counts.join(", ")}\n`;
}

/** The figures of an attack in one line; an empty text for an attack that wasn't made. */
export function figuresOf({ duration, victim, attacker, memory }: AttackResult): string {
  if (duration === 0) return "";
  const figures = [`${(duration / 1_000).toFixed(1)} s`];
  if (victim !== undefined) {
    const { slowest, calls, failures } = victim;
    figures.push(`victim: slowest of ${calls} calls ${slowest.toFixed(0)} ms`);
    if (failures.length > 0) figures.push(`${failures.length} failures`);
  }
  if (attacker !== undefined) figures.push(attackerFigures(attacker));
  const growing = memory && growth(memory.before, memory.after);
  if (growing !== undefined) figures.push(`memory ${megabytes(growing, "+")}`);
  if (memory?.after.peak !== undefined) figures.push(`peak ${megabytes(memory.after.peak)}`);
  return figures.join("; ");
}

function attackerFigures({ sent, received, opened, refused, closed }: Figures): string {
  const ends = Object.entries(closed).map(([way, count]) =>
    count === 1 ? way : `${way} (${count} times)`,
  );
  return [
    `sent ${megabytes(sent)}, received ${megabytes(received)}`,
    ...(opened + refused > 1 ? [`${opened} connections, ${refused} refused`] : []),
    ...(ends.length > 0 ? [`ended: ${ends.join(", ")}`] : []),
  ].join("; ");
}

function megabytes(bytes: number, plus = ""): string {
  return `${bytes >= 0 ? plus : ""}${(bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 0)} MB`;
}
