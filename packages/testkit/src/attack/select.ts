import { type Attack, kindOf } from "./attack.ts";
import { ATTACKS } from "./attacks/index.ts";

/** The attacks that a selection asks for. */
export function selectAttacks(
  only: readonly string[] | undefined,
  exclude: readonly string[] = [],
): Attack[] {
  return ATTACKS.filter(
    (attack) =>
      (only?.some((pattern) => matches(attack, pattern)) ?? true) &&
      !exclude.some((pattern) => matches(attack, pattern)),
  );
}

/**
 * Tells whether a pattern is the attack's id (with or without `ATK-`) or kind, or matches its text.
 */
function matches(attack: Attack, pattern: string): boolean {
  const { id, title } = attack;
  const wanted = pattern.toLowerCase();
  if ([id, id.slice("ATK-".length), kindOf(attack)].some((each) => each.toLowerCase() === wanted)) {
    return true;
  }
  if (!wanted.includes("*")) return false;
  const source = wanted
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return [id, title].some((text) => new RegExp(`^${source}$`, "i").test(text));
}
