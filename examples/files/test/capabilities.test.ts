import { existsSync, readdirSync, rmdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failure } from "../../../testing/outcomes.ts";
import { upload } from "../page/upload.ts";
import { Downloads } from "../src/download.ts";
import { fileOf, serve } from "./served.ts";

const transfer = { signal: new AbortController().signal, onProgress() {} };

test("a client without a link gets nothing", async () => {
  const { open } = await serve();
  const { connection } = open();
  expect(await failure(connection.api.open("guess"))).toMatchObject({ code: "DURABLE_FORGED" });
});

test("no name leads out of the folder", async () => {
  const { open, folder } = await serve();
  const { root } = open();
  await root.makeDirectory("docs");
  const names = [
    "..",
    ".",
    "",
    "../key",
    "..\\key",
    "/etc/passwd",
    "docs/../../key",
    "a/b",
    "C:key",
  ];
  const odd = ["\0", "key\0.txt", "..%2fkey/", ".hidden", "end.", "\ud800", "x".repeat(256), "nul"];
  for (const name of [...names, ...odd, null, ["..", "key"], { length: 2 }] as any[]) {
    const calls = [
      root.directory(name),
      root.download(name),
      root.remove(name),
      root.makeDirectory(name),
      root.upload(name, 1, 0),
      root.directory("docs").download(name),
    ];
    for (const call of calls) expect(await failure(call)).toMatchObject({ code: "BAD_NAME" });
  }
  expect(readdirSync(folder).sort()).toEqual(["files", "key", "parts"]);
  expect(readdirSync(join(folder, "files"))).toEqual(["docs"]);
});

test("links in the folder aren't served", async () => {
  const { open, folder } = await serve();
  const { root } = open();
  symlinkSync(join(folder, "key"), join(folder, "files", "key-link"));
  symlinkSync(folder, join(folder, "files", "up"));
  expect(await root.list()).toEqual([]);
  expect(await failure(root.download("key-link"))).toMatchObject({ code: "NOT_FOUND" });
  expect(await failure(root.directory("up"))).toMatchObject({ code: "NOT_FOUND" });
});

test("an upload that is over takes no more bytes, which nothing would count", async () => {
  const { open, folder } = await serve({ quota: 10 });
  const { root } = open();
  const bytes = () => new Blob([new Uint8Array(10)]).stream();
  const begun = await root.upload("a.bin", 10, 0);
  using stub = begun.upload!.dup();
  await root.discard("a.bin", 10, 0);
  expect(await failure(stub.append(bytes(), 0, () => {}))).toMatchObject({ code: "NOT_FOUND" });
  expect(readdirSync(join(folder, "parts"))).toEqual([]);

  using again = (await root.upload("a.bin", 10, 0)).upload!.dup();
  await again.append(bytes(), 0, () => {});
  await root.remove("a.bin");
  expect(await failure(again.append(bytes(), 0, () => {}))).toMatchObject({ code: "NOT_FOUND" });
  expect(await root.usage()).toEqual({ used: 0, limit: 10 });
  expect(readdirSync(join(folder, "files"))).toEqual([]);
});

test("refusals tell nothing about the server's disk", async () => {
  const { open, folder } = await serve();
  const { root } = open();
  await root.makeDirectory("docs");
  using docs = await root.directory("docs");
  const path = join(folder, "files", "docs");
  rmdirSync(path);
  const attempts: (() => PromiseLike<unknown>)[] = [
    () => docs.list(),
    () => docs.makeDirectory("x"),
    () => docs.download("x"),
    () => docs.remove("x"),
  ];
  for (const call of attempts) expect(await failure(call())).toMatchObject({ code: "NOT_FOUND" });
  writeFileSync(path, "a file");
  for (const call of [...attempts, () => docs.upload("x", 1, 1)]) {
    const { message } = (await failure(call())) as Error;
    expect(message).not.toContain(folder);
  }
  let deep = root.dup();
  let refusal: unknown;
  for (let depth = 0; depth < 20 && !refusal; depth++) {
    const name = "d".repeat(250);
    refusal = await deep.makeDirectory(name).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!refusal) deep = await deep.directory(name);
  }
  expect(refusal).toMatchObject({ code: "BAD_NAME" });
  const removals = await Promise.allSettled([root.remove("docs"), root.remove("docs")]);
  for (const { reason } of removals as PromiseRejectedResult[]) {
    if (reason) expect(reason).toMatchObject({ code: "NOT_FOUND" });
  }
});

test("odd places in a file are refused, and too many downloads too", async () => {
  const { open, folder } = await serve();
  const { root } = open();
  writeFileSync(join(folder, "files", "a.txt"), "hello");
  const { version, content } = await root.download("a.txt");
  await content.cancel();
  for (const offset of [1n, 0.5, "1", -1, 6, Number.NaN] as any[]) {
    expect(await failure(root.download("a.txt", { offset, version }))).toMatchObject({
      code: "CHANGED",
    });
  }
  const downloads = new Downloads();
  const ends = Array.from({ length: 200 }, () => downloads.begin());
  expect(() => downloads.begin()).toThrow(expect.objectContaining({ code: "BUSY" }));
  ends[0]!();
  ends[0]!();
  downloads.begin();
  expect(() => downloads.begin()).toThrow(expect.objectContaining({ code: "BUSY" }));
});

test("a shared link reads one directory, and changes nothing", async () => {
  const { open, folder } = await serve();
  const { root } = open();
  await root.makeDirectory("public");
  await root.makeDirectory("private");
  await root.directory("public").makeDirectory("inner");
  writeFileSync(join(folder, "files", "public", "inner", "note.txt"), "hello");

  const token = await root.directory("public").share();
  const { root: shared } = open(`http://localhost/#${token}`);
  expect(await shared.access).toBe("read");
  using found = await shared.directory("inner").download("note.txt");
  expect(await new Response(found.content).text()).toBe("hello");

  const readOnly = root.readOnly() as any;
  for (const reader of [
    shared,
    shared.directory("inner"),
    readOnly,
    readOnly.directory("public"),
  ]) {
    const calls = [
      reader.makeDirectory("new"),
      reader.remove("inner"),
      reader.upload("new", 1, 0),
      reader.unfinished(),
      reader.discard("new", 1, 0),
      reader.readOnly(),
    ];
    for (const call of calls) expect(await failure(call)).toMatchObject({ code: "PATH" });
  }
  const { root: again } = open(`http://localhost/#${await shared.directory("inner").share()}`);
  expect(await again.access).toBe("read");
  expect(await failure(shared.directory("private"))).toMatchObject({ code: "NOT_FOUND" });
  expect(existsSync(join(folder, "files", "public", "new"))).toBe(false);
});

test("a directory is deleted only when it is empty", async () => {
  const { open, folder } = await serve();
  const { root } = open();
  await root.makeDirectory("docs");
  expect(await failure(root.makeDirectory("docs"))).toMatchObject({ code: "EXISTS" });
  using _started = await root.directory("docs").upload("part.bin", 10, 0);
  expect(await failure(root.remove("docs"))).toMatchObject({ code: "NOT_EMPTY" });
  await root.directory("docs").discard("part.bin", 10, 0);
  writeFileSync(join(folder, "files", "docs", "note.txt"), "hello");
  expect(await failure(root.remove("docs"))).toMatchObject({ code: "NOT_EMPTY" });
  await root.directory("docs").remove("note.txt");
  await root.remove("docs");
  expect(await root.list()).toEqual([]);
});

test("files, unfinished ones too, stay below the quota", async () => {
  const { open, restart } = await serve({ quota: 1000 });
  const { root } = open();
  await upload(() => root, fileOf(400, "first.bin"), transfer);
  using _started = await root.upload("second.bin", 500, 0);
  expect(await root.usage()).toMatchObject({ used: 900, limit: 1000 });
  const error = await failure(upload(() => root, fileOf(101, "third.bin"), transfer));
  expect(error).toMatchObject({ code: "QUOTA" });
  expect(error.message).toContain("101 bytes, and 100 of the quota of 1000 are free");
  await restart();
  expect(await root.usage()).toMatchObject({ used: 900 });
  await root.discard("second.bin", 500, 0);
  await root.remove("first.bin");
  expect(await root.usage()).toMatchObject({ used: 0 });
  await upload(() => root, fileOf(1000, "third.bin"), transfer);
});

test("an upload neither replaces a file nor has more bytes than it said", async () => {
  const { open } = await serve();
  const { root } = open();
  await upload(() => root, fileOf(100, "a.bin"), transfer);
  expect(await failure(upload(() => root, fileOf(50, "a.bin"), transfer))).toMatchObject({
    code: "EXISTS",
  });
  const started = await root.upload("b.bin", 10, 0);
  const append = (content: any, offset = 0) =>
    failure(started.upload!.append(content, offset, () => {}));
  expect(await append(new Blob(["more than ten"]).stream())).toMatchObject({ code: "BAD_SIZE" });
  expect(await append(new Blob(["few"]).stream())).toMatchObject({ code: "BAD_SIZE" });
  expect(await append(new Blob(["few"]).stream(), 9)).toMatchObject({ code: "OFFSET" });
  expect(await append(new ReadableStream({ start: (it) => it.enqueue("text") }), 3)).toBeInstanceOf(
    TypeError,
  );
  expect(await root.unfinished()).toMatchObject([{ name: "b.bin", received: 3 }]);
});
