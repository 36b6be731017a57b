import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callOptions, RpcTarget } from "@capnweb/core";
import { connect } from "@capnweb/reconnect";
import { webSocketTransport } from "@capnweb/transport-ws/node";
import { expect, onTestFinished, test, vi } from "vitest";
import { failure } from "../../../testing/outcomes.ts";
import type { Message, Page } from "../src/history.ts";
import type { Lobby } from "../src/lobby.ts";
import type { Listener } from "../src/room.ts";
import { startServer } from "../src/server.ts";

const PASSWORD = "correct horse";

class Ear extends RpcTarget implements Listener {
  readonly heard: string[] = [];
  here: readonly string[] = [];
  #last = 0;

  /** The number of the last message. A peer may not read it. */
  static lastOf(ear: Ear): number {
    return ear.#last;
  }
  missed({ messages }: Page): void {
    for (const message of messages) this.said(message);
  }
  said({ author, text, number }: Message): void {
    this.heard.push(`${author}: ${text}`);
    this.#last = number;
  }
  present(names: readonly string[]): void {
    this.here = names;
  }
}

async function start() {
  const folder = mkdtempSync(join(tmpdir(), "chat-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const serve = (port: number) => startServer({ port, folder, rooms: ["Lounge", "Kitchen"] });
  let server = await serve(0);
  onTestFinished(() => server.stop());
  const { port } = new URL(server.url);
  return {
    connect() {
      const connection = connect<Lobby>({
        open: ({ signal }) => webSocketTransport(`ws://localhost:${port}/api`, { signal }),
      });
      onTestFinished(() => connection.close());
      return connection;
    },
    async restart() {
      await server.stop();
      server = await serve(Number(port));
    },
  };
}

test("members hear each other, and learn who is there", async () => {
  const { connect } = await start();
  const ada = connect();
  const grace = connect();
  const adasEar = new Ear();
  using seat = await ada.api.signIn("Ada", PASSWORD).room("Lounge");
  using _presence = await seat.enter(adasEar, 0);
  await grace.api.signIn("Grace", PASSWORD).room("Lounge").say("first-id", "hello");
  using other = await grace.api.signIn("Grace", PASSWORD).room("Lounge").enter(new Ear(), 0);
  await vi.waitFor(() => expect(adasEar.here).toEqual(["Ada", "Grace"]));
  expect(adasEar.heard).toEqual(["Grace: hello"]);
  other[Symbol.dispose]();
  await vi.waitFor(() => expect(adasEar.here).toEqual(["Ada"]));
});

test("a room tells nothing to another one", async () => {
  const { connect } = await start();
  using ada = await connect().api.signIn("Ada", PASSWORD);
  const ear = new Ear();
  using _presence = await ada.room("Kitchen").enter(ear, 0);
  await ada.room("Lounge").say("lounge-id", "not here");
  await ada.room("Kitchen").say("kitchen-id", "here");
  await vi.waitFor(() => expect(ear.heard).toEqual(["Ada: here"]));
  expect(await failure(ada.room("Cellar"))).toMatchObject({ code: "NO_ROOM" });
});

test("a message that is sent twice is said once", async () => {
  const { connect } = await start();
  using seat = await connect().api.signIn("Ada", PASSWORD).room("Lounge");
  const ear = new Ear();
  using _presence = await seat.enter(ear, 0);
  const first = await seat.say("the-same-id", "hello");
  const second = await seat.say("the-same-id", "hello");
  expect(second.number).toBe(first.number);
  await seat.say("another-id", "bye");
  await vi.waitFor(() => expect(ear.heard).toEqual(["Ada: hello", "Ada: bye"]));
});

test("history comes in pages", async () => {
  const { connect } = await start();
  using seat = await connect().api.signIn("Ada", PASSWORD).room("Lounge");
  const said = Array.from({ length: 60 }, (_, i) => seat.say(`message-${i}`, `number ${i}`));
  await Promise.all(said);
  const latest = await seat.earlier(Number.MAX_SAFE_INTEGER);
  expect(latest.messages.map(({ text }) => text)[0]).toBe("number 10");
  expect(latest.hasMore).toBe(true);
  const rest = await seat.earlier(latest.messages[0]!.number);
  expect(rest.messages).toHaveLength(10);
  expect(rest.hasMore).toBe(false);
});

test("a name belongs to its first password, and texts have limits", async () => {
  const { connect } = await start();
  const { api } = connect();
  using ada = await api.signIn("Ada", PASSWORD);
  expect(await failure(api.signIn("ada", "another one"))).toMatchObject({ code: "WRONG_PASSWORD" });
  expect(await failure(api.signIn("<b>", PASSWORD))).toMatchObject({ code: "BAD_NAME" });
  expect(await failure(api.signIn("Grace", "short"))).toMatchObject({ code: "BAD_PASSWORD" });
  const say = (id: any, text: any) => failure(ada.room("Lounge").say(id, text));
  expect(await say("message-1", "x".repeat(2001))).toMatchObject({ code: "BAD_MESSAGE" });
  expect(await say("message-1", { text: 1 })).toMatchObject({ code: "BAD_MESSAGE" });
  expect(await say("", "hello")).toMatchObject({ code: "BAD_MESSAGE" });
});

test("passwords can't be guessed on and on, nor many at the same time", async () => {
  const { connect } = await start();
  const { api } = connect();
  using _ada = await api.signIn("Ada", PASSWORD);
  const codes = new Set<unknown>();
  for (let round = 0; round < 5; round++) {
    const guesses = Array.from({ length: 6 }, (_, i) => failure(api.signIn("Ada", `guess-${i}`)));
    for (const { code } of (await Promise.all(guesses)) as { code?: unknown }[]) codes.add(code);
  }
  expect([...codes]).toEqual(["WRONG_PASSWORD", "TOO_MANY"]);
  expect(await failure(api.signIn("ada", PASSWORD))).toMatchObject({ code: "TOO_MANY" });
  using _other = await connect().api.signIn("Grace", PASSWORD);
  const together = Array.from({ length: 20 }, (_, i) =>
    api.signIn(`Bob ${i}`, PASSWORD).then(
      () => "done",
      ({ code }) => code,
    ),
  );
  expect(await Promise.all(together)).toContain("TOO_MANY");
});

test("names that look like another are refused", async () => {
  const { connect } = await start();
  const { api } = connect();
  for (const name of ["Ada ", "A  da", "Ada\u3164", "\uff21da"]) {
    expect(await failure(api.signIn(name, PASSWORD)), name).toMatchObject({ code: "BAD_NAME" });
  }
});

test("a sign-out ends what all sessions hold by the login", async () => {
  const { connect } = await start();
  using ada = await connect().api.signIn("Ada", PASSWORD);
  const ear = new Ear();
  using seat = await ada.room("Lounge");
  using _presence = await seat.enter(ear, 0);
  using grace = await connect().api.signIn("Grace", PASSWORD);
  const gracesEar = new Ear();
  using _other = await grace.room("Lounge").enter(gracesEar, 0);
  await vi.waitFor(() => expect(gracesEar.here).toEqual(["Ada", "Grace"]));
  await ada.signOut();
  await vi.waitFor(() => expect(gracesEar.here).toEqual(["Grace"]));
  expect(await failure(seat.say("after-the-end", "hello"))).toMatchObject({ code: "SIGNED_OUT" });
  expect(await failure(seat.earlier(10))).toMatchObject({ code: "SIGNED_OUT" });
  expect(await failure(ada.room("Kitchen"))).toMatchObject({ code: "SIGNED_OUT" });
});

test("a member can't flood the rooms, and others go on", async () => {
  const { connect } = await start();
  using ada = await connect().api.signIn("Ada", PASSWORD);
  const outcomes = await Promise.all(
    Array.from({ length: 120 }, (_, i) =>
      ada
        .room(i % 2 ? "Lounge" : "Kitchen")
        .say(`message-${i}`, "spam")
        .then(
          () => "said",
          ({ code }) => code,
        ),
    ),
  );
  expect(new Set(outcomes.slice(0, 100))).toEqual(new Set(["said"]));
  expect(outcomes.at(-1)).toBe("TOO_MANY");
  using grace = await connect().api.signIn("Grace", PASSWORD);
  expect(await grace.room("Lounge").say("graces-id", "hello")).toMatchObject({ text: "hello" });
});

test("a member is in a room a few times at most", async () => {
  const { connect } = await start();
  using seat = await connect().api.signIn("Ada", PASSWORD).room("Lounge");
  const ear = new Ear();
  const presences = await Promise.all(Array.from({ length: 10 }, () => seat.enter(ear, 0)));
  expect(await failure(seat.enter(ear, 0))).toMatchObject({ code: "TOO_MANY" });
  presences[0]![Symbol.dispose]();
  await vi.waitFor(async () => {
    using _again = await seat.enter(ear, 0);
  });
});

test("a restarted server knows its members by their tokens, until they sign out", async () => {
  const { connect, restart } = await start();
  const connection = connect();
  let logins = 0;
  let tokens = 0;
  const member = connection.keep(
    (lobby) => {
      logins++;
      return lobby.signIn("Ada", PASSWORD);
    },
    { onToken: () => tokens++ },
  );
  const ear = new Ear();
  const seat = callOptions(
    connection.keep(() => member.room("Lounge")),
    { idempotent: true },
  );
  connection.keep(() => seat.enter(ear, Ear.lastOf(ear)));
  await seat.say("before-id", "before");
  await vi.waitFor(() => expect(tokens).toBe(1));
  await restart();
  await seat.say("after-id", "after");
  await vi.waitFor(() => expect(ear.heard).toEqual(["Ada: before", "Ada: after"]));
  expect(logins).toBe(1);

  await member.signOut();
  await restart();
  expect(await callOptions(member, { idempotent: true }).name).toBe("Ada");
  expect(logins).toBe(2);
});
