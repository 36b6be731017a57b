// Tests hibernation in workerd: the room of examples/hibernation loses its memory while its members
// stay connected. workerd drops the memory of an object after about ten seconds without an event.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { connect } from "@capnweb/reconnect";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { build } from "esbuild";
import { WebSocket } from "ws";
import { Runtimes } from "../../../interop/runtimes/runtimes.mjs";
import { startWorker } from "../../../interop/runtimes/workerd.mjs";

/** Longer than workerd keeps the memory of an object without events. */
const IDLE = 13_000;

const ROOM = fileURLToPath(new URL("../src/worker.ts", import.meta.url));

/** Milliseconds after which the test fails. */
const DEADLINE = 120_000;

setTimeout(() => {
  throw new Error(`The room didn't pass within ${DEADLINE} ms.`);
}, DEADLINE).unref();

const directory = mkdtempSync(join(tmpdir(), "capnweb-hibernation-"));
let room: Awaited<ReturnType<typeof startWorker>> | undefined;
try {
  const runtimes = new Runtimes(directory);
  runtimes.install("workerd");
  room = await startRoom(runtimes);
  await keepsItsMembers(room.address);
  console.log("hibernation in workerd: passed");
} finally {
  await room?.stop();
  rmSync(directory, { recursive: true, force: true });
}
process.exit();

async function startRoom(runtimes: Runtimes) {
  await build({
    entryPoints: [ROOM],
    bundle: true,
    format: "esm",
    target: "es2022",
    external: ["cloudflare:workers"],
    outfile: join(directory, "room.mjs"),
  });
  const storage = join(directory, "storage");
  mkdirSync(storage);
  return startWorker(
    runtimes,
    directory,
    "room",
    `bindings = [ ( name = "ROOM", durableObjectNamespace = "Room" ) ],
  durableObjectNamespaces = [ ( className = "Room", uniqueKey = "room" ) ],
  durableObjectStorage = ( localDisk = "storage" ),`,
    `( name = "storage", disk = ( path = "${storage}", writable = true ) ),`,
  );
}

async function keepsItsMembers(address: string) {
  const sockets: WebSocket[] = [];
  const connection = connect<any>({
    open() {
      const socket = new WebSocket(`ws://${address}/?name=ada`);
      sockets.push(socket);
      return new WebSocketPushTransport(socket);
    },
    // Each probe would wake the object.
    health: { interval: Number.POSITIVE_INFINITY },
  });
  const api = connection.api as any;
  const heard: string[] = [];
  const subscription = connection.keep((main: any) =>
    main.listen((message: string) => void heard.push(message)),
  ) as any;
  await subscription;
  const memory = await api.memory();
  assert.equal(await api.say("one"), 1);
  const underWay = api.wait().catch((error: unknown) => error);
  await sleep(IDLE);

  // The first message after that wakes the object.
  const first = await api.say("two").catch((error: unknown) => error);
  console.log("the call that woke the object:", first?.execution ?? first);
  assert.equal((await underWay).execution, "maybe");
  assert.notEqual(await api.memory(), memory);
  const count = await api.say("three");
  while (heard.at(-1) !== "ada: three") await sleep(10);
  console.log(heard, count, sockets.length);
  assert.deepEqual(
    sockets.map(({ readyState }) => readyState),
    [1],
  );
  assert.equal(new Set(heard).size, heard.length);
  connection.close();
}
