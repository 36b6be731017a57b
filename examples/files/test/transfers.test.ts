import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { failure } from "../../../testing/outcomes.ts";
import { download } from "../page/download.ts";
import { upload } from "../page/upload.ts";
import { fileOf, serve } from "./served.ts";

const MB = 1024 * 1024;
const SIZE = 24 * MB;
/** Bytes that may be under way, or wait in memory, when a connection is cut. */
const UNDER_WAY = 5 * MB;

const hashOf = async (blob: Blob) =>
  createHash("sha256")
    .update(Buffer.from(await blob.arrayBuffer()))
    .digest("hex");

function transfer(onProgress: (done: number, size: number) => void = () => {}) {
  const controller = new AbortController();
  return { controller, signal: controller.signal, onProgress };
}

test("an upload that is cut goes on after the bytes that the server has", async () => {
  const { open, proxy, restart } = await serve();
  const { root } = open();
  const file = fileOf(SIZE);
  const told: number[] = [];
  const cut = proxy.cutAfter("up", 10 * MB);
  const uploading = upload(
    () => root,
    file,
    transfer((done) => told.push(done)),
  );
  await Promise.race([cut, uploading]);
  await Promise.race([proxy.cutAfter("up", 8 * MB), uploading]);
  await restart();
  await uploading;

  expect(told.at(-1)).toBe(SIZE);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(proxy.passed.up).toBeLessThan(SIZE + 2 * UNDER_WAY);
  expect(await root.list()).toMatchObject([
    { name: "big.bin", size: SIZE, modified: new Date(file.lastModified) },
  ]);
  expect(await hashOf(await download(() => root, "big.bin", transfer()))).toBe(await hashOf(file));
});

test("another client goes on with an upload", async () => {
  const { open, proxy } = await serve();
  const file = fileOf(SIZE);
  const first = open();
  const cut = proxy.cutAfter("up", 15 * MB);
  const uploading = failure(upload(() => first.root, file, transfer()));
  await Promise.race([cut, uploading]);
  first.connection.close();
  expect(await uploading).toMatchObject({ code: "CONNECTION_CLOSED" });

  const { root } = open();
  const [part] = await root.unfinished();
  expect(part!.received).toBeGreaterThan(15 * MB - UNDER_WAY);
  const before = proxy.passed.up;
  await upload(() => root, file, transfer());
  expect(proxy.passed.up - before).toBeLessThan(SIZE - part!.received + MB);
  expect(await root.unfinished()).toEqual([]);
});

test("an upload that is repeated because its answer was lost is done", async () => {
  const { open } = await serve();
  const { root } = open();
  await upload(() => root, fileOf(1000), transfer());
  const told: number[] = [];
  await upload(
    () => root,
    fileOf(1000),
    transfer((done) => told.push(done)),
  );
  expect(told).toEqual([1000]);
});

test("a download that is cut goes on after the bytes that have arrived", async () => {
  const { open, proxy } = await serve();
  const { root } = open();
  const file = fileOf(SIZE);
  await upload(() => root, file, transfer());
  const before = proxy.passed.down;
  const cut = proxy.cutAfter("down", 12 * MB);
  const downloading = download(() => root, "big.bin", transfer());
  await Promise.race([cut, downloading]);
  expect(await hashOf(await downloading)).toBe(await hashOf(file));
  expect(proxy.passed.down - before).toBeLessThan(SIZE + UNDER_WAY);
});

test("a download doesn't go on with a file that has changed", async () => {
  const { open, proxy, folder } = await serve();
  const { root } = open();
  await upload(() => root, fileOf(SIZE), transfer());
  const cut = proxy.cutAfter("down", 10 * MB).then(() => {
    proxy.isDown = true;
  });
  const downloading = failure(download(() => root, "big.bin", transfer()));
  await Promise.race([cut, downloading]);
  appendFileSync(join(folder, "files", "big.bin"), "more");
  proxy.isDown = false;
  expect(await downloading).toMatchObject({ code: "CHANGED" });
});

test("a cancelled upload stops at both ends", async () => {
  const { open, statistics } = await serve();
  const { root } = open();
  const file = fileOf(SIZE);
  const slice = vi.spyOn(file, "slice");
  const { controller, ...rest } = transfer((done) => {
    if (done > 4 * MB) controller.abort(new Error("Cancelled."));
  });
  expect(await failure(upload(() => root, file, rest))).toMatchObject({ message: "Cancelled." });
  await vi.waitFor(() => expect(statistics()).toMatchObject({ calls: 0 }));
  const { bytes } = statistics().received;
  expect(bytes).toBeLessThan(SIZE);
  const reads = slice.mock.calls.length;
  const [part] = await root.unfinished();
  expect(part!.received).toBeGreaterThan(4 * MB);
  expect(part!.received).toBeLessThan(4 * MB + UNDER_WAY);
  // Nothing is sent or read any more.
  expect(statistics().received.bytes - bytes).toBeLessThan(MB);
  expect(slice.mock.calls).toHaveLength(reads);
  expect(statistics().heldBytes).toBeLessThan(MB);
});

test("a cancelled download stops at both ends", async () => {
  const { open, statistics } = await serve();
  const { root } = open();
  await upload(() => root, fileOf(SIZE), transfer());
  const before = statistics().sent.bytes;
  const { controller, ...rest } = transfer((done) => {
    if (done > 4 * MB) controller.abort(new Error("Cancelled."));
  });
  expect(await failure(download(() => root, "big.bin", rest))).toMatchObject({
    message: "Cancelled.",
  });
  // The stream is gone, which was an import besides the client's main object.
  await vi.waitFor(() => expect(statistics().imports).toBe(1));
  expect(statistics().sent.bytes - before).toBeLessThan(4 * MB + UNDER_WAY);
});

test("the server holds few bytes of the files that pass through it", async () => {
  const { open, statistics } = await serve();
  const { root } = open();
  const file = fileOf(SIZE);
  const held: number[] = [];
  await upload(
    () => root,
    file,
    transfer(() => held.push(statistics().heldBytes)),
  );
  expect(Math.max(...held)).toBeLessThan(2 * UNDER_WAY);

  // A client that makes calls between its reads, and gets what the server sent before the answers.
  const before = statistics().sent.bytes;
  const slow = await root.download("big.bin");
  const reader = slow.content.getReader();
  let arrived = 0;
  const ahead: number[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    arrived += next.value.length;
    ahead.push(statistics().sent.bytes - before - arrived);
    if (ahead.length % 16 === 0) await root.access;
  }
  expect(arrived).toBe(SIZE);
  expect(Math.max(...ahead)).toBeLessThan(UNDER_WAY);
});
