import { RpcSession, type RpcSessionOptions, RpcTarget } from "@capnweb/core";
import { expect, test } from "vitest";
import { failure } from "./support/failure.ts";
import { connectEnds, type MemoryEnd } from "./support/memory-end.ts";
import { settle } from "./support/pair.ts";

/** The number of records from which a list is sent as a table. */
const ROWS = 16;

class Item extends RpcTarget {
  readonly #id: number;
  constructor(id: number) {
    super();
    this.#id = id;
  }
  id() {
    return this.#id;
  }
}

class Api extends RpcTarget {
  readonly disposed: number[] = [];

  echo(value: unknown) {
    return value;
  }
  orders() {
    return records((id) => ({ id, paid: false }));
  }
  items() {
    return records((id) => ({ id, item: new Item(id) }));
  }
  later() {
    return records((id) => ({ id, later: Promise.resolve([id]) }));
  }
  files() {
    return records((id) => ({ name: `${id}`, content: new Uint8Array(600).fill(id) }));
  }
  firstBytes(rows: Record<string, Uint8Array>[]) {
    return rows.flatMap((row) => Object.entries(row).map(([name, bytes]) => [name, bytes[0]]));
  }
  tagged() {
    return records((id) => ({ id, tags: ["a"], by: { name: "n" } }));
  }
  async sum(rows: { item: { id(): Promise<number> } }[]) {
    const ids = await Promise.all(rows.map(({ item }) => item.id()));
    return ids.reduce((a, b) => a + b, 0);
  }
}

function records<T>(make: (row: number) => T): T[] {
  return Array.from({ length: ROWS }, (_, row) => make(row));
}

async function connected({ client, server }: Record<"client" | "server", RpcSessionOptions>) {
  const [near, far] = connectEnds({ isBinary: true });
  const sessions = [
    new RpcSession<any>(near, undefined, client),
    new RpcSession<any>(far, new Api(), server),
  ] as const;
  await settle();
  near.said();
  far.said();
  const isClean = () =>
    sessions.every((each) => {
      const { imports, exports } = each.getStats();
      return imports === 1 && exports === 1;
    });
  return { api: sessions[0].getRemoteMain() as any, near, far, isClean };
}

const both = () => connected({ client: {}, server: {} });

/** The texts that an end has sent. */
const texts = ({ frames }: MemoryEnd) => frames.filter((each) => typeof each === "string").join();

/** An end whose peer has announced these features. */
async function knowing(features: readonly string[]) {
  const { api, near, far } = await connected({ client: {}, server: { announce: false } });
  const announced = { capnweb: { features: [features] } };
  near.receiver.receive(JSON.stringify(["reject", 2 ** 31 - 1, announced]));
  return { api, near, far };
}

test("lists travel as documents between sides that announced them", async () => {
  const { api, near, far } = await both();
  const value = { list: records((id) => ({ id })), matrix: [[1], [2]] };
  expect(await api.echo(value)).toEqual(value);
  const document = '"list":["table",{"id":[[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]]}],';
  expect(texts(near)).toContain(`${document}"matrix":["json",[[1],[2]]]`);
  expect(texts(far)).toContain(`${document}"matrix":["json",[[1],[2]]]`);
});

test.each([
  ["neither", ["calls", "frames"], false, false],
  ["plain JSON", ["calls", "frames", "json"], true, false],
  ["tables", ["calls", "frames", "table"], false, true],
])("a side gets only the documents that it announced: %s", async (_, features, json, table) => {
  const { api, near } = await knowing(features);
  const value = [records((id) => ({ id })), [[1], [2]]];
  expect(await api.echo(value)).toEqual(value);
  expect(texts(near).includes('["json",')).toBe(json);
  expect(texts(near).includes('["table",')).toBe(table);
});

test("a side that announced nothing gets no documents", async () => {
  for (const silent of ["client", "server"] as const) {
    const { api, near, far } = await connected({
      client: {},
      server: {},
      [silent]: { announce: false },
    });
    expect(await api.tagged()).toHaveLength(ROWS);
    expect(await api.echo([[1], [2]])).toEqual([[1], [2]]);
    expect(texts(near) + texts(far)).not.toMatch(/"json"|"table"/);
  }
});

test("stubs in tables can be called, and are released with the result", async () => {
  const { api, far, isClean } = await both();
  const result = await api.items();
  expect(texts(far)).toContain('"item":[[["export",');
  expect(await result[5].item.id()).toBe(5);
  expect(await api.sum(records((id) => ({ item: new Item(id) })))).toBe(120);
  result[Symbol.dispose]();
  await settle();
  expect(isClean()).toBe(true);
});

test("promises in tables are replaced by their values before delivery", async () => {
  const { api, isClean } = await both();
  expect(await api.later()).toEqual(records((id) => ({ id, later: [id] })));
  await settle();
  expect(isClean()).toBe(true);
});

test("bytes in tables travel in frames of their own", async () => {
  const { api, far } = await both();
  const files = await api.files();
  expect(files.map(({ name, content }: any) => [name, content.length, content[599]])).toEqual(
    records((id) => [`${id}`, 600, id]),
  );
  expect(far.frames.filter((each) => typeof each !== "string")).toHaveLength(ROWS);
});

test("bytes in members that some records lack keep their places, if names are indexes", async () => {
  const { api } = await both();
  const bytesOf = (id: number) => new Uint8Array(600).fill(id);
  const value = records((id) => ({ [id % 2 ? "7" : "b"]: bytesOf(id) }));
  expect(await api.firstBytes(value)).toEqual(records((id) => [id % 2 ? "7" : "b", id]));
});

test("map() and pipelined calls work on results that travel as documents", async () => {
  const { api } = await both();
  expect(await api.orders().map((order: any) => order.id)).toEqual(records((id) => id));
  expect(await api.echo(api.orders())).toEqual(new Api().orders());
  expect(await api.tagged()[3].tags[0]).toBe("a");
});

test.each([
  ["a table whose columns have unequal length", ["table", { a: [[1]], b: [[]] }]],
  ["a table without columns", ["table", {}]],
  ["a number that JSON doesn't have", ["json", [null]]],
  ["an unknown import in a table", ["table", { a: [[["import", 77]]] }]],
])("%s ends the session", async (_, forged) => {
  const { api, far } = await both();
  const text = JSON.stringify(["push", ["pipeline", 0, ["echo"], [forged]]]);
  far.receiver.receive(text.replace("null", "1e999"));
  await settle();
  expect(far.said().at(-1)).toEqual(["abort", expect.arrayContaining(["error"])]);
  expect(await failure(api.echo(1))).toBeInstanceOf(Error);
});

test("stubs in dropped columns are released at once", async () => {
  const { far } = await both();
  const table = ["table", { constructor: [[["export", -1], []]], id: [[1, 2]] }];
  far.receiver.receive(JSON.stringify(["stream", ["pipeline", 0, ["echo"], [table]]]));
  await settle();
  expect(far.said()).toContainEqual(["release", -1, 1]);
});

test("nothing in plain JSON refers to anything", async () => {
  const { far } = await both();
  const forged = ["json", [["import", 0], ["export", -1], ["bytes", 600], { then: ["import", 0] }]];
  far.receiver.receive(JSON.stringify(["stream", ["pipeline", 0, ["echo"], [forged]]]));
  await settle();
  expect(far.said()).toEqual([["resolve", expect.any(Number), forged]]);
});
