import type { Attack } from "../attack.ts";
import { call, list, pull, push, range, repeat, result, stream, times } from "../messages.ts";

/** D: output that the attacker makes the server produce, and doesn't read. */
export const OUTPUT: readonly Attack[] = [
  {
    id: "ATK-D01",
    title: "3,000 texts of a megabyte are asked for over a WebSocket, and not read.",
    over: "session",
    needs: ["text"],
    reads: false,
    messages: ({ text }) => range(1, 3_000, (i) => `${push(text("1000000"))}\n${pull(i)}`),
  },
  {
    id: "ATK-D02",
    title: "One result of a megabyte is pulled under 3,000 names, and not read.",
    over: "session",
    reads: false,
    messages: () => [
      push(`"${"x".repeat(1_000_000)}"`),
      ...range(2, 3_001, (i) => `${push(result(1))}\n${pull(i)}`),
    ],
  },
  {
    id: "ATK-D03",
    title: "One HTTP batch asks for 3,000 texts of a megabyte.",
    over: "batch",
    needs: ["text"],
    messages: ({ text }) => range(1, 3_000, (i) => `${push(text("1000000"))}\n${pull(i)}`),
  },
  {
    id: "ATK-D04",
    title: "One HTTP batch pulls a result of a megabyte under 3,000 names.",
    over: "batch",
    messages: () => [
      push(`"${"x".repeat(1_000_000)}"`),
      ...range(2, 3_001, (i) => `${push(result(1))}\n${pull(i)}`),
    ],
  },
  {
    id: "ATK-D05",
    title: "100 HTTP responses of 20 MB are asked for and not read.",
    over: "batch",
    copies: 100,
    reads: false,
    messages: () => [
      push(`"${"x".repeat(1_000_000)}"`),
      ...range(2, 21, (i) => `${push(result(1))}\n${pull(i)}`),
    ],
  },
  {
    id: "ATK-D06",
    title: "Two million calls to missing methods are rejected, and the rejections not read.",
    over: "session",
    reads: false,
    messages: () => repeat(60, times(35_000, stream(call(0, ["missing"])), "\n")),
  },
  {
    id: "ATK-D07",
    title: "A stream of the server's is asked for without end, and its chunks never acknowledged.",
    over: "session",
    needs: ["stream"],
    messages: ({ stream: chunks }) =>
      range(1, 50, (i) => `${push(chunks("1000000000"))}\n${pull(i)}`),
  },
  {
    id: "ATK-D08",
    title: "The server is asked to call the attacker for each of 100,000 elements, and not read.",
    over: "session",
    reads: false,
    messages: () => [
      push(list(times(100_000, "0"))),
      ...repeat(100, push(`["remap",1,[],[["export",-1]],[${call(-1, [], result(0))}]]`)),
    ],
  },
  {
    id: "ATK-D09",
    title: "Control characters, which JSON escapes sixfold, are echoed and not read.",
    over: "session",
    reads: false,
    messages: () => [
      push(`"${"\\u0001".repeat(600_000)}"`),
      ...range(2, 1_001, (i) => `${push(result(1))}\n${pull(i)}`),
    ],
  },
  {
    id: "ATK-D10",
    title: "Values that nest a megabyte in a thousand results multiply what is encoded.",
    over: "session",
    messages: () => [
      push(`"${"x".repeat(1_000_000)}"`),
      push(list(times(1_000, result(1)))),
      ...range(3, 12, (i) => `${push(list(result(2), result(2)))}\n${pull(i)}`),
    ],
  },
];
