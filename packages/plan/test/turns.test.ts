import { expect, test } from "vitest";
import { Turns } from "../src/run/turns.ts";

test("plans share the time of a turn, and the sessions of those that wait take turns", async () => {
  const turns = new Turns();
  expect(turns.isOver(1_000)).toBe(false);
  expect(turns.isOver(1_007)).toBe(false);
  expect(turns.isOver(1_008)).toBe(true);
  const order: string[] = [];
  const [many, one] = [{}, {}];
  const wait = (session: object, name: string) =>
    turns.next(session).then(() => {
      order.push(name);
      setImmediate(() => order.push("other work"));
    });
  await Promise.all([
    wait(many, "many 1"),
    wait(many, "many 2"),
    wait(many, "many 3"),
    wait(one, "one"),
  ]);
  expect(order.filter((each) => each !== "other work")).toEqual([
    "many 1",
    "one",
    "many 2",
    "many 3",
  ]);
  expect(order.slice(1, 6)).toContain("other work");
});
