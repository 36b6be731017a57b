import { expect, test } from "vitest";
import { IdTable } from "../src/session/id-table.ts";

test("an IdTable holds the same entries as a Map, whatever is added and removed", () => {
  const table = new IdTable<{ id: number }>();
  const model = new Map<number, { id: number }>();
  let state = 1;
  const random = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  let next = 1;
  for (let step = 0; step < 20_000; step++) {
    const known = [...model.keys()];
    if (known.length < 200 && random(5) < 3) {
      const id = (random(2) === 0 ? 1 : -1) * next++;
      const entry = { id };
      table.add(id, entry);
      model.set(id, entry);
    } else if (known.length > 0) {
      const id = known[random(known.length)]!;
      table.remove(id);
      model.delete(id);
    }
    const probe = random(next + 10) - 5;
    expect(table.get(probe)).toBe(model.get(probe));
    expect(table.values().length).toBe(model.size);
  }
  expect(new Set(table.values())).toEqual(new Set(model.values()));
  expect(table.clear()).toHaveLength(model.size);
  expect(table.values().length).toBe(0);
  expect(table.get(1)).toBeUndefined();
});

test("an IdTable finds nothing under unknown ids, however odd", () => {
  const table = new IdTable<string>();
  table.add(0, "main");
  table.add(1, "one");
  table.add(-1, "minus one");
  for (const id of [0.5, 1.5, -0.5, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1, Number.NaN, Infinity]) {
    expect(table.get(id)).toBeUndefined();
    expect(table.get(-id)).toBeUndefined();
  }
  expect(table.get(-0)).toBe("main");
});
