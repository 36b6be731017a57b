import { type Meter, Visits } from "../values/meter.ts";
import { CONTAINER_BYTES, MEMBER_BYTES } from "../values/sizes.ts";
import type { Work } from "../values/work.ts";

/** Makes a list of values that are there already. */
export function* makeList(
  meter: Meter,
  length: number,
  elementAt: (index: number) => unknown,
): Work<unknown[]> {
  meter.make(CONTAINER_BYTES + MEMBER_BYTES * length);
  const visits = new Visits(meter);
  const list: unknown[] = [];
  for (let i = 0; i < length; i++) {
    list.push(elementAt(i));
    if (visits.add()) yield;
  }
  visits.end();
  return list;
}
