// Checks the host of a server in any runtime: its decisions, its list of sessions, and its end.
import assert from "node:assert/strict";
import { once } from "node:events";
import { newHttpBatchRpcSession } from "@capnweb/compat";
import { connect } from "@capnweb/reconnect";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { WebSocket } from "ws";

/** Milliseconds after which a step is given up. */
const TIMEOUT = 15_000;

/**
 * @param isWorker true if a session belongs to the request that it started with, so that no other
 *   request can close it or go on with it
 * @returns a promise that rejects with the failure
 */
export async function checkHost({ address, isWorker }) {
  const server = new Server(address);
  assert.equal(await server.status("/health"), 200);
  assert.equal(await server.status("/ready"), 200);
  assert.equal(await server.status("/api"), 405);
  const steps = [servesBothMedia, tellsRefusals, givesPlacesBack, countsAddresses];
  const ofConnections = isWorker ? [stopsAccepting] : [goesOn, drains];
  for (const step of [...steps, ...ofConnections]) await inTime(step, server);
}

/** Runs a step, and names it if it fails or hangs. */
async function inTime(step, server) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${TIMEOUT} ms`)), TIMEOUT);
  });
  try {
    await Promise.race([step(server), late]);
  } catch (cause) {
    throw new Error(`${step.name}: ${cause?.message}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

class Server {
  constructor(address) {
    this.http = `http://${address}`;
    this.ws = `ws://${address}`;
  }

  async status(path) {
    return (await fetch(this.http + path)).status;
  }

  async ask(path) {
    return (await fetch(this.http + path)).json();
  }

  /** Waits until no session is left. */
  async empty() {
    for (;;) {
      const { size, listed, undecided } = await this.ask("/size");
      if (size === 0 && listed === 0 && undecided === 0) return;
    }
  }

  open(query, headers = {}) {
    return newWebSocketRpcSession(`${this.ws}/api${query}`, undefined, { headers });
  }
}

const broken = (api) => new Promise((resolve) => api.onRpcBroken(resolve));

async function servesBothMedia(server) {
  const api = server.open("?name=ada");
  const [name, medium, identity, state, address] = await api.describe();
  assert.deepEqual([name, medium, identity, state], ["ada", "websocket", "ada", "open"]);
  assert.match(address, /^(127\.0\.0\.1|192\.0\.2\.1)$/);
  assert.equal(await api.call((value) => value + 1, 2), 3);
  const batch = newHttpBatchRpcSession(`${server.http}/api?name=bob`);
  assert.deepEqual((await batch.describe()).slice(0, 3), ["bob", "http", "bob"]);
  api[Symbol.dispose]();
  await server.empty();
}

async function tellsRefusals(server) {
  const refused = await broken(server.open(""));
  assert.equal(refused.status, 401);
  assert.match(refused.body ?? refused.message, /Give a name/);
  // A page can't read a response, so the WebSocket tells it.
  const ofPage = await broken(server.open("", { origin: server.http }));
  assert.deepEqual([ofPage.code, ofPage.status], ["REFUSED", 401]);
  assert.equal(ofPage.message, "Give a name.");
  const foreign = await broken(server.open("?name=ada", { origin: "https://evil.example" }));
  assert.equal(foreign.status, 403);
  const batch = await fetch(`${server.http}/api`, { method: "POST", body: "" });
  assert.deepEqual([batch.status, (await batch.text()).trim()], [401, "Give a name."]);
  await server.empty();
}

/** Clients that are gone without a word, while they are decided on and later. */
async function givesPlacesBack(server) {
  const undecided = new WebSocket(`${server.ws}/api?name=ada&slow`).on("error", () => {});
  while ((await server.ask("/size")).undecided === 0);
  undecided.terminate();
  const open = new WebSocket(`${server.ws}/api?name=ada`);
  await once(open, "open");
  open.terminate();
  const refused = new WebSocket(`${server.ws}/api?slow`, { headers: { origin: server.http } });
  await once(refused, "open");
  refused.terminate();
  await server.empty();
}

async function countsAddresses(server) {
  const members = [1, 2, 3].map(() => server.open("?name=ada"));
  for (const each of members) await each.describe();
  const refused = await broken(server.open("?name=ada"));
  assert.equal(refused.status, 503);
  assert.match(refused.body ?? refused.message, /maxSessionsPerAddress/);
  for (const each of members) each[Symbol.dispose]();
  await server.empty();
}

async function goesOn(server) {
  let socket;
  const connection = connect({
    open() {
      socket = new WebSocket(`${server.ws}/api?name=ada`);
      return new WebSocketPushTransport(socket);
    },
    resume: {},
    backoff: { min: 1, max: 50 },
  });
  const outcomes = [];
  connection.addEventListener("statechange", ({ outcome }) => outcome && outcomes.push(outcome));
  const { api } = connection;
  await api.describe();
  socket.terminate();
  assert.equal(await api.call((value) => value * 2, 4), 8);
  assert.deepEqual(outcomes, ["resumed"]);
  connection.close();
  await server.empty();
}

async function drains(server) {
  const api = server.open("?name=ada");
  await api.describe();
  const reason = broken(api);
  const drained = server.ask("/drain");
  await refusesAll(server);
  const { sessions, cut, left, closed } = await drained;
  assert.deepEqual([sessions, cut, left + closed], [1, 0, 1]);
  assert.match(String((await reason).message), /1001|We deploy/);
}

async function stopsAccepting(server) {
  await server.ask("/drain");
  await refusesAll(server);
}

async function refusesAll(server) {
  while ((await server.status("/ready")) === 200);
  assert.equal(await server.status("/health"), 200);
  assert.equal((await broken(server.open("?name=ada"))).status, 503);
}
