import type { Transcript } from "../transcript/transcript.ts";
import { differenceOf } from "./difference.ts";
import type { Habit } from "./habits.ts";
import { matches } from "./match.ts";
import { show } from "./messages.ts";
import type { ScenarioResult } from "./result.ts";

/** Parses the notes of a client under test. Gives `undefined` unless they are a JSON list. */
export function notesIn(body: string): unknown[] | undefined {
  try {
    const notes: unknown = JSON.parse(body);
    return Array.isArray(notes) ? notes : undefined;
  } catch {
    return undefined;
  }
}

/** Combines the result of a scenario with the client's notes. */
export function withNotes(
  result: ScenarioResult,
  { notes: expected, ownWording }: Transcript,
  notes: readonly unknown[] | undefined,
  isStrict: boolean | undefined,
): ScenarioResult {
  const habits = new Set(result.habits);
  const tolerance = isStrict ? {} : { ownWording, noticed: (habit: Habit) => habits.add(habit) };
  if (matches(expected, notes ?? null, tolerance)) {
    return habits.size > 0 ? { ...result, habits: [...habits] } : result;
  }
  const failure =
    notes === undefined
      ? `the client sent no notes, expected ${show(expected)}`
      : `expected the notes ${show(expected)}, got ${show(notes)}`;
  return { ...result, failure, difference: notes && differenceOf(expected, notes) };
}
