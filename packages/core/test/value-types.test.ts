import { expect, test } from "vitest";
import { runtime } from "../src/default-runtime.ts";
import { RpcTarget, type ValueTypes } from "../src/index.ts";
import { pair } from "./support/pair.ts";

/**
 * A value of each kind that may be sent according to the static types. The compiler checks that
 * none is missing.
 */
const SAMPLES: { readonly [Kind in keyof ValueTypes]: () => ValueTypes[Kind] } = {
  undefined: () => undefined,
  number: () => Number.NaN,
  bigint: () => 1n,
  Date: () => new Date(),
  bytes: () => new Uint8Array(),
  Blob: () => new Blob(),
  Error: () => new Error(),
  URL: () => new URL("http://x/"),
  Headers: () => new Headers(),
  Request: () => new Request("http://x/"),
  Response: () => new Response(),
  ReadableStream: () => new ReadableStream(),
  WritableStream: () => new WritableStream(),
};

test.each(Object.entries(SAMPLES))("%s has this name in the value table", (kind, make) => {
  expect(runtime.table.find(make())?.kind).toBe(kind);
});

test("a File arrives as a Blob", async () => {
  class Files extends RpcTarget {
    echo(file: Blob) {
      return file;
    }
  }
  const { api } = pair(new Files());
  const back = await api.echo(new File(["abc"], "a.txt", { type: "text/plain" }));
  expect(back).toBeInstanceOf(Blob);
  expect(back).not.toBeInstanceOf(File);
  expect(back.type).toBe("text/plain");
  expect(await back.text()).toBe("abc");
});
