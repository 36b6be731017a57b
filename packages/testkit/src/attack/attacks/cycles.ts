import type { Attack } from "../attack.ts";
import { call, list, listOf, pull, push, range, resolve, result } from "../messages.ts";

/** B: references that lead back to themselves. */
export const CYCLES: readonly Attack[] = [
  {
    id: "ATK-B01",
    title: "A promise resolves to a call on the result that waits for it.",
    over: "session",
    needs: ["echo"],
    messages: ({ echo }) => [
      push(echo('["promise",-1]')),
      push(call(1, ["x"])),
      resolve(-1, '["import",2]'),
    ],
  },
  {
    id: "ATK-B02",
    title: "The same cycle through an asynchronous method.",
    over: "session",
    needs: ["later"],
    messages: ({ later }) => [
      push(later('["promise",-1]')),
      push(call(1, ["x"])),
      resolve(-1, '["import",2]'),
    ],
  },
  {
    id: "ATK-B03",
    title: "Two promises resolve to each other's results.",
    over: "session",
    needs: ["echo"],
    messages: ({ echo }) => [
      push(echo('["promise",-1]')),
      push(echo('["promise",-2]')),
      pull(1),
      resolve(-1, result(2)),
      resolve(-2, result(1)),
    ],
  },
  {
    id: "ATK-B04",
    title: "A promise resolves to a list of the result that waits for it.",
    over: "session",
    needs: ["echo"],
    messages: ({ echo }) => [
      push(echo('["promise",-1]')),
      pull(1),
      resolve(-1, list(result(1), result(1))),
    ],
  },
  {
    id: "ATK-B05",
    title: "A promise resolves to a map over the result that waits for it.",
    over: "session",
    needs: ["echo"],
    messages: ({ echo }) => [
      push(echo('["promise",-1]')),
      push(`["remap",1,[],[],[${result(0)}]]`),
      pull(2),
      resolve(-1, '["import",2]'),
    ],
  },
  {
    id: "ATK-B06",
    title: "100,000 results, each a property of the one before it, are settled at once.",
    over: "session",
    messages: () => [
      push('["promise",-1]'),
      range(1, 100_000, (i) => push(`["pipeline",${i},["a"]]`)).join("\n"),
      pull(100_001),
      resolve(-1, '{"a":1}'),
    ],
  },
  {
    id: "ATK-B07",
    title: "A chain of 100,000 plain results ends in a promise that fails.",
    over: "session",
    messages: () => [
      push('["promise",-1]'),
      range(1, 100_000, (i) => push(result(i))).join("\n"),
      pull(100_001),
      '["reject",-1,["error","Error","m"]]',
    ],
  },
  {
    id: "ATK-B08",
    title: "The cycle through a call, in one HTTP batch.",
    over: "batch",
    needs: ["echo"],
    messages: ({ echo }) => [
      push(echo('["promise",-1]')),
      push(call(1, ["x"])),
      resolve(-1, '["import",2]'),
      pull(2),
    ],
  },
  {
    id: "ATK-B09",
    title: "A map's captured promise resolves to the map's own result.",
    over: "session",
    messages: () => [
      push('["promise",-1]'),
      push(list("0", "0")),
      push(`["remap",2,[],[["import",1]],[${call(-1, ["x"])}]]`),
      pull(3),
      resolve(-1, '["import",3]'),
    ],
  },
  {
    id: "ATK-B10",
    title: "Promises resolve to further promises of the attacker's, 200,000 times.",
    over: "session",
    messages: () => [
      push('["promise",-1]'),
      pull(1),
      range(1, 100_000, (i) => resolve(-i, `["promise",${-i - 1}]`)).join("\n"),
      range(100_001, 200_000, (i) => resolve(-i, `["promise",${-i - 1}]`)).join("\n"),
    ],
  },
  {
    id: "ATK-B11",
    title: "A wrapped promise resolves to calls on the wrapper, thousands of them.",
    over: "session",
    needs: ["wrap"],
    messages: ({ wrap }) => [
      push(wrap('["promise",-1]', "null")),
      ...range(2, 2_000, () => push(call(1, ["x", "y"]))),
      resolve(-1, listOf(range(2, 2_000, (i) => `["import",${i}]`))),
    ],
  },
];
