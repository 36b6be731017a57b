import type { Attack } from "../attack.ts";
import {
  call,
  filled,
  list,
  nested,
  pull,
  push,
  range,
  repeat,
  result,
  times,
} from "../messages.ts";
import { doubled, mapsInMaps } from "./shapes.ts";

/** A: messages that set off more work than their length justifies. */
export const WORK: readonly Attack[] = [
  {
    id: "ATK-A01",
    title: "Maps in maps, 40 deep, over a list of two take 2^40 steps.",
    over: "session",
    messages: () => [push(list("0", "0")), push(mapsInMaps(39))],
  },
  {
    id: "ATK-A02",
    title: "Results that name the result before them twice become a value of 2^30 parts.",
    over: "session",
    messages: () => [...doubled(30), pull(31)],
  },
  {
    id: "ATK-A03",
    title: "The same results in one HTTP batch.",
    over: "batch",
    messages: () => [...doubled(30), pull(31)],
  },
  {
    id: "ATK-A04",
    title: "Errors that name an error twice become an error of 2^40 parts.",
    over: "session",
    needs: ["echo"],
    messages: ({ echo }) => [
      push(echo('["error","Error","m"]')),
      ...range(1, 40, (i) =>
        push(echo(`["error","Error","m",null,{"a":${result(i)},"b":${result(i)}}]`)),
      ),
      pull(41),
    ],
  },
  {
    id: "ATK-A05",
    title: "Two million errors in one text of 28 MB take gigabytes.",
    over: "session",
    // A port's messages have no size limit: the engine makes values of them first.
    needs: ["network"],
    messages: () => [push(list(times(2_000_000, '["error","",""]')))],
  },
  {
    id: "ATK-A06",
    title: "Errors in texts of 4 MB, each result held, take gigabytes.",
    over: "session",
    messages: () => repeat(10, push(list(filled('["error","",""]')))),
  },
  {
    id: "ATK-A07",
    title: "Requests in texts of 4 MB, each result held, take gigabytes.",
    over: "session",
    messages: () => repeat(10, push(list(filled('["request","a:",{}]')))),
  },
  {
    id: "ATK-A08",
    title: "Hundreds of thousands of writables of one id in a text take a stream each.",
    over: "session",
    messages: () => repeat(10, push(list(filled('["writable",-1]')))),
  },
  {
    id: "ATK-A09",
    title: "200 calls each copy a result of a million values.",
    over: "session",
    needs: ["sink"],
    messages: ({ sink }) => [
      push(list(times(999_999, "0"))),
      ...repeat(200, push(sink(result(1)))),
    ],
  },
  {
    id: "ATK-A10",
    title: "Maps in maps, 3,000 deep, overflow the stack.",
    over: "session",
    messages: () => [push("0"), push(mapsInMaps(3_000))],
  },
  {
    id: "ATK-A11",
    title: "Five million pulls in one text keep the event loop busy.",
    over: "session",
    messages: () => [`${push("0")}\n${times(5_000_000, pull(1), "\n")}`],
  },
  {
    id: "ATK-A12",
    title: "Hundreds of thousands of pulls in each text of 4 MB keep the event loop busy.",
    over: "session",
    messages: () => [push("0"), ...repeat(12, times(350_000, pull(1), "\n"))],
  },
  {
    id: "ATK-A13",
    title: "Brackets two million deep overflow a parser's stack.",
    over: "session",
    messages: () => ["[".repeat(2_000_000), nested(1_900_000, "[", "0", "]")],
  },
  {
    id: "ATK-A14",
    title: "Integers of 16,384 digits, 230 in a text, take quadratic time.",
    over: "session",
    messages: () => repeat(10, push(list(filled(`["bigint","${"9".repeat(16_384)}"]`)))),
  },
  {
    id: "ATK-A15",
    title: "Property paths of a million parts are followed again and again.",
    over: "session",
    messages: () => repeat(20, push(`["pipeline",0,[${filled('"a"')}]]`)),
  },
  {
    id: "ATK-A16",
    title: "Maps of 1,000 instructions over lists of 100,000 take 10^8 steps a message.",
    over: "session",
    messages: () => [
      push(list(times(100_000, "0"))),
      ...repeat(20, push(`["remap",1,[],[],[${times(1_000, "0")}]]`)),
    ],
  },
  {
    id: "ATK-A17",
    title: "Maps that pair each element with itself double the value 40 times.",
    over: "session",
    messages: () => [
      push(list("0", "0")),
      ...range(1, 40, (i) => push(`["remap",${i},[],[],[${list(result(0), result(0))}]]`)),
      pull(41),
    ],
  },
  {
    id: "ATK-A18",
    title: "A promise resolves to a value that names results twice, 30 levels deep.",
    over: "session",
    needs: ["echo"],
    messages: ({ echo }) => [
      push(echo('["promise",-1]')),
      pull(1),
      push("0"),
      ...range(2, 31, (i) => push(list(result(i), result(i)))),
      `["resolve",-1,${list(result(32), result(32))}]`,
    ],
  },
  {
    id: "ATK-A19",
    title: "Headers of one name, 300,000 times, are joined in quadratic time.",
    over: "session",
    messages: () => repeat(4, push(`["headers",[${filled('["a","b"]')}]]`)),
  },
  {
    id: "ATK-A20",
    title: "Hundreds of thousands of URLs in each text take gigabytes.",
    over: "session",
    messages: () => repeat(10, push(list(filled('["url","a:"]')))),
  },
  {
    id: "ATK-A21",
    title: "Hundreds of thousands of buffers of a byte in each text take gigabytes.",
    over: "session",
    messages: () => repeat(10, push(list(filled('["bytes","AA","ArrayBuffer"]')))),
  },
  {
    id: "ATK-A22",
    title: "A map over 100,000 elements calls one of the attacker's stubs for each, 50 times.",
    over: "session",
    messages: () => [
      push(list(times(100_000, "0"))),
      ...repeat(50, push(`["remap",1,[],[["export",-1]],[${call(-1, [], "0")}]]`)),
    ],
  },
  {
    id: "ATK-A23",
    title: "Headers of as many different names as fit into a text take quadratic time.",
    over: "session",
    messages: () =>
      repeat(4, push(`["headers",[${range(1, 200_000, (i) => `["h${i}",""]`).join(",")}]]`)),
  },
  {
    id: "ATK-A24",
    title: "Maps in maps, in one HTTP batch.",
    over: "batch",
    messages: () => [push(list("0", "0")), push(mapsInMaps(39)), pull(2)],
  },
  {
    id: "ATK-A31",
    title: "50,000 objects whose only member is named 1000 are copied for three other calls.",
    over: "session",
    // A clone of such objects takes as much before the session sees it.
    needs: ["network", "echo"],
    messages: ({ echo }) => [
      push(list(times(50_000, '{"1000":1}'))),
      ...repeat(3, push(echo(result(1)))),
      pull(4),
    ],
  },
  {
    id: "ATK-A32",
    title: "50,000 objects whose only member is named 1000, and changes, are echoed.",
    over: "session",
    // A clone of such objects takes as much before the session sees it.
    needs: ["network", "echo"],
    messages: ({ echo }) => [push(echo(list(times(50_000, '{"1000":[[1]]}')))), pull(1)],
  },
  {
    id: "ATK-A33",
    title: "A map makes an object whose only member is named 1000 for each of 100,000 elements.",
    over: "session",
    messages: () => [
      push(list(times(100_000, "0"))),
      push('["remap",1,[],[],[{"1000":1}]]'),
      pull(2),
    ],
  },
];
