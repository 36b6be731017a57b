import { type GrowthCase, need, type Pair } from "./case.ts";
import { recordsOf } from "./records.ts";

const pairs: readonly Pair[] = ["ours", "reference"];
const withRaw: readonly Pair[] = [...pairs, "raw"];

/** Two sizes per decade. */
const SIZES = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];

export const growth: readonly GrowthCase[] = [
  {
    kind: "growth",
    name: "growth: held stubs",
    about: "The client receives this number of stubs, makes a call, and disposes of the stubs.",
    link: "WebSocket",
    pairs,
    unit: "stub",
    sizes: SIZES,
    async run({ client }, size) {
      const held = await need(client, "holdStubs")(size);
      await client.echo(0);
      await held.release();
    },
  },
  {
    kind: "growth",
    name: "growth: pending calls",
    about: "This number of calls are under way before the first answer.",
    link: "WebSocket",
    pairs: withRaw,
    unit: "call",
    // More would exceed the default limits of ours.
    sizes: SIZES.filter((size) => size <= 30_000),
    async run({ client }, size) {
      const held = await need(client, "holdCalls")(size);
      await held.release();
    },
  },
  {
    kind: "growth",
    name: "growth: sessions",
    about:
      "This number of sessions are opened in memory, with one call each, before the first is closed.",
    link: "memory",
    pairs,
    unit: "session",
    sizes: SIZES,
    async run({ connect }, size) {
      const clients = [];
      for (let i = 0; i < size; i++) {
        const client = await connect();
        await client.echo(i);
        clients.push(client);
      }
      for (const client of clients) await client.close();
    },
  },
  {
    kind: "growth",
    name: "growth: payloads",
    about: "A call sends a text of this number of bytes, and gets it back.",
    link: "WebSocket",
    pairs: withRaw,
    unit: "byte",
    warmUps: 3,
    sizes: [...SIZES, 300_000, 1_000_000, 3_000_000, 10_000_000],
    async run({ client }, size) {
      const text = textOf(size);
      if (((await client.echo(text)) as string).length !== size) throw new Error("Text was lost.");
    },
  },
  {
    kind: "growth",
    name: "growth: documents",
    about: "A call sends a list of flat records of this number of bytes, and gets it back.",
    link: "WebSocket",
    pairs: [...withRaw, "birpc", "socket.io"],
    unit: "byte",
    warmUps: 4,
    sizes: [10, 100, 1000, 10_000, 100_000, 1_000_000],
    async run({ client }, size) {
      const list = listOf(size);
      const { length } = (await client.echo(list)) as readonly object[];
      if (length !== list.length) throw new Error("Records were lost.");
    },
  },
  {
    kind: "growth",
    name: "growth: batches",
    about: "This number of calls in one HTTP request.",
    link: "HTTP",
    pairs: withRaw,
    unit: "call",
    sizes: SIZES,
    run: ({ client }, size) => need(client, "batch")(Array.from({ length: size }, (_, i) => i)),
  },
];

const texts = new Map<number, string>();

function textOf(size: number): string {
  const text = texts.get(size) ?? "0123456789".repeat(size / 10);
  texts.set(size, text);
  return text;
}

const lists = new Map<number, readonly object[]>();

function listOf(size: number): readonly object[] {
  const list = lists.get(size) ?? recordsOf(size);
  lists.set(size, list);
  return list;
}
