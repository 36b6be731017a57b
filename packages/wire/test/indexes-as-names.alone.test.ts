import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { type Container, deserialize, serialize, withoutDocuments } from "../src/index.ts";
import { objectContainer } from "../src/internal.ts";
import { decode, encode } from "./support/codec.ts";

// Alone, because the heap of the process is measured. V8 reserves 12 KB for an object whose only
// member is named `1000`, unless the object is a result of `JSON.parse`.

const COUNT = 5_000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** The most bytes of each object, with everything in it. */
const MOST = 2_000;

const listOf = (text: string) => `[${Array(COUNT).fill(text).join()}]`;
const parsed = (text: string) => JSON.parse(listOf(text)) as unknown[];

const copying: Parameters<Container<object>["copy"]>[1] = {
  copy: (value) => value,
  count() {},
  part() {},
};

test.each<[string, () => () => unknown]>([
  [
    "are copied",
    () => {
      const objects = parsed('{"1000":1}') as object[];
      return () => objects.map((each) => objectContainer.copy(each, copying));
    },
  ],
  [
    "are encoded with a member that changes",
    () => {
      const objects = parsed('{"900":[1],"1800":1}');
      return () => encode(objects);
    },
  ],
  [
    "are decoded at a level that copies",
    () => {
      const objects = parsed('{"1000":1}');
      return () => decode([objects], "jsonCompatible");
    },
  ],
  [
    "are rows of a table",
    () => {
      const text = `["table",{"1000":[${listOf("1")}]}]`;
      return () => deserialize(text);
    },
  ],
  [
    "are rows of a table with gaps",
    () => {
      const text = `["table",{"1000":[${listOf("1")}],"a":[${listOf("[]")}]}]`;
      return () => deserialize(text);
    },
  ],
  [
    "are made of the rows of a table, for tools",
    () => {
      const columns = {
        1000: [Array(COUNT).fill(1)],
        a: ["json", Array(COUNT).fill([{ 1000: 1 }])],
      };
      return () => withoutDocuments(["table", columns]);
    },
  ],
  [
    "are properties of errors",
    () => {
      const text = `[${listOf('["error","Error","",null,{"1000":1}]')}]`;
      return () => deserialize(text);
    },
  ],
])("objects with indexes for names take no room for other indexes if they %s", (_, prepare) => {
  const act = prepare();
  collect();
  const before = process.memoryUsage().heapUsed;
  const made = act();
  collect();
  const used = process.memoryUsage().heapUsed - before;
  expect(used / COUNT).toBeLessThan(MOST);
  expect(made).toBeDefined();
});

test("objects with indexes for names keep their members and order", () => {
  const value = JSON.parse('{"b":[1],"7":1,"1000":[2],"__proto__":3}');
  const arrived = deserialize(serialize(value)) as object;
  expect(arrived).toEqual({ 7: 1, 1000: [2], b: [1] });
  expect(Object.keys(arrived)).toEqual(["7", "1000", "b"]);
  expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype);
});
