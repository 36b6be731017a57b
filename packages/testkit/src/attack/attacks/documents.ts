import type { Attack } from "../attack.ts";
import { filled, listOf, nested, pull, push, range, repeat, result, times } from "../messages.ts";

/** The expression of a table, with columns as text: `"name":column`. */
function table(...columns: readonly string[]): string {
  return tableOf(columns);
}

function tableOf(columns: readonly string[]): string {
  return `["table",{${columns.join(",")}}]`;
}

/** A column named `a`, with the text of its cells. */
function column(cells: string): string {
  return `"a":[[${cells}]]`;
}

const ROWS = 300_000;

/** Documents: short messages that stand for many records, or that are nested deep. */
export const DOCUMENTS: readonly Attack[] = [
  {
    id: "ATK-A34",
    title: "Tables within tables, 250 deep, repeat each of 100,000 records 250 times.",
    over: "session",
    messages: () => [
      push(nested(250, '["table",{"a":', `[[${times(100_000, "1")}]]`, "}]")),
      push(nested(50, '["table",{"a":', `[[${times(100_000, "1")}]]`, "}]")),
    ],
  },
  {
    id: "ATK-A35",
    title: "Tables within tables are 200,000 deep.",
    over: "session",
    messages: () => [push(nested(200_000, '["table",{"a":', "[[1]]", "}]"))],
  },
  {
    id: "ATK-A36",
    title: "Plain JSON is nested 1.9 million deep, also in a column.",
    over: "session",
    messages: () => [
      push(`["json",${nested(1_900_000, "[", "", "]")}]`),
      push(table(`"a":["json",${nested(1_900_000, "[", "", "]")}]`)),
    ],
  },
  {
    id: "ATK-A37",
    title: "A table of 150,000 columns has one record.",
    over: "session",
    messages: () => [
      push(tableOf(range(1, 150_000, (i) => `"${i.toString(36)}":[[0]]`))),
      push(tableOf(range(1, 150_000, (i) => `"k${i.toString(36)}":[[[]]]`))),
    ],
  },
  {
    id: "ATK-A38",
    title: "A table of 1,000 columns lacks nearly all members of 1,000 records.",
    over: "session",
    messages: () => {
      const gaps = times(999, "[]");
      const columns = range(1, 1_000, (i) => `"${i}":[[0,${gaps}]]`);
      return repeat(8, push(tableOf(columns)));
    },
  },
  {
    id: "ATK-A39",
    title: "A table names one column 200,000 times, and the last one is shorter.",
    over: "session",
    messages: () => [push(table(times(200_000, column("1,2,3")), column("1"), '"b":[[1,2,3]]'))],
  },
  {
    id: "ATK-A40",
    title: "Lists of records that are nearly tables are echoed: their last record differs.",
    over: "session",
    needs: ["echo"],
    messages: ({ echo }) => {
      const records = (inner: string) =>
        listOf([...Array(40).fill(`{"a":0,"b":${inner}}`), '{"b":0,"a":["date",0]}']);
      return [push(echo(records(records(records("[[[[0]]]]"))))), pull(1)];
    },
  },
  {
    id: "ATK-A41",
    title: "Tables of 50,000 records whose only member is named 1000 are copied and echoed.",
    over: "session",
    needs: ["echo"],
    messages: ({ echo }) => [
      push(table(`"1000":[[${times(50_000, "1")}]]`)),
      push(table(`"1000":[[${times(49_999, "1")},[]]]`)),
      ...repeat(3, push(echo(result(1)))),
      pull(5),
    ],
  },
  {
    id: "ATK-C21",
    title: "Tables of 300,000 records are held, dozens of them.",
    over: "session",
    messages: () => repeat(60, push(table(column(times(ROWS, "1"))))),
  },
  {
    id: "ATK-C22",
    title: "Lists of 300,000 lists in plain JSON are held, dozens of them.",
    over: "session",
    messages: () => repeat(60, push(`["json",[${times(ROWS, "[]")}]]`)),
  },
  {
    id: "ATK-C23",
    title: "Tables of stubs, in 85,000 records, are held.",
    over: "session",
    messages: () => [
      ...repeat(5, push(table(column(filled('["export",-1]', 1_200_000))))),
      ...repeat(5, push(table(column(filled('["promise",-1]', 1_200_000))))),
    ],
  },
  {
    id: "ATK-D11",
    title: "A name of a million characters is in each of 100,000 records that are echoed.",
    over: "session",
    needs: ["echo"],
    messages: ({ echo }) => [
      push(echo(table(`"${"n".repeat(1_000_000)}":[[${times(100_000, "1")}]]`))),
      pull(1),
      push(echo(table(`"${"n".repeat(60)}":[[${times(300_000, "1")}]]`))),
      pull(2),
    ],
  },
  {
    id: "ATK-E18",
    title: "A table turns out to be malformed after 1,000 promises and stubs in it.",
    over: "session",
    copies: 20,
    messages: () => {
      const promises = range(1, 1_000, (i) => `["promise",${-i}]`).join();
      const stubs = range(1, 1_000, (i) => `["export",${-i - 1_000}]`).join();
      return [push(table(column(promises), `"b":[[${stubs}]]`, '"c":["table",{"d":[[1]]}]'))];
    },
  },
];
