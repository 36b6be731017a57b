import { scenarioSlug } from "../transcript/slug.ts";

/** The names of a scenario. */
interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * Tells whether a scenario's id or the name of its file fits a pattern, in which `*` stands for any
 * text.
 */
export function fitsScenario({ id, name }: Named, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`);
  return expression.test(id) || expression.test(scenarioSlug(name));
}

/** True if an entry of a list names exactly this scenario. */
export function namesScenario({ id, name }: Named, entry: string): boolean {
  return entry === id || entry === scenarioSlug(name);
}
