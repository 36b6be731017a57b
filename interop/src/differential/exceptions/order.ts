import type { Difference, Exception } from "../compare.ts";
import type { Report } from "../run.ts";

const SENT = ["clientSent", "serverSent"] as const;

/** Whether two lists hold the same, in whatever order. */
const sameUnordered = (a: readonly string[], b: readonly string[]) =>
  String([...a].sort()) === String([...b].sort());

/** Whether reports are the same, apart from the parts in `fields`. */
function sameBut({ reference, ours }: Difference, fields: readonly (keyof Report)[]): boolean {
  return (Object.keys(reference) as (keyof Report)[]).every(
    (key) => fields.includes(key) || String(reference[key]) === String(ours[key]),
  );
}

/** Messages that are sent in another order. */
export const order: readonly Exception[] = [
  {
    entry: "The order of messages about things that don't depend on each other may differ",
    explains: (difference) =>
      sameBut(difference, SENT) &&
      SENT.every((side) => sameUnordered(difference.reference[side], difference.ours[side])),
  },
];
