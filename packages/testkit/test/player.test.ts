import { describe, expect, test } from "vitest";
import { Player } from "../src/conformance/player.ts";
import { loadTranscripts } from "../src/conformance/transcripts.ts";
import type { Side, Transcript } from "../src/index.ts";
import { type Change, playWith } from "./play-with.ts";

const transcripts = await loadTranscripts();
const transcript = (id: string) => transcripts.get(id)!;

const play = async (side: Side, each: Transcript, change?: Change) =>
  (await playWith(side, each, { change, isStrict: true })).said;

describe.each(["client", "server"] as const)("a player as the %s", (side) => {
  const other = side === "client" ? "server" : "client";
  const played = [...transcripts].filter(([, each]) => !("raw" in each[other]));

  test.each(played)("accepts a peer that does as recorded: %s", async (_, each) => {
    const { said, habits } = await playWith(side, each, { isStrict: true });
    const own = each.lines.filter(({ from, text }) => from === side && text !== undefined);
    expect(said).toEqual(own.map(({ text }) => text));
    expect((await playWith(side, each)).habits).toEqual(habits);
  });
});

const ANNOUNCEMENT = ["reject", 2 ** 31 - 1, { capnweb: { v: 1, features: ["x"] } }];

test.each(["client", "server"] as const)(
  "a player as the %s ignores an announcement of extensions",
  async (side) => {
    const each = transcript("callback-called-twice");
    await play(side, each, (messages) => [ANNOUNCEMENT, ...messages, ANNOUNCEMENT]);
    const failure = ["reject", 7, { capnweb: {} }];
    await expect(play(side, each, (messages) => [...messages, failure])).rejects.toThrow(
      "nobody expected",
    );
  },
);

describe("a player refuses a peer", () => {
  const chain = transcript("pipeline-three-dependent-calls");
  const callback = transcript("callback-called-twice");

  test.each<[string, Transcript, Side, Change, string]>([
    [
      "that gives another result",
      chain,
      "client",
      ([resolve]) => [[...resolve.slice(0, 2), "hello"]],
      'expected ["resolve",3,"hi, user 10"], got ["resolve",3,"hello"]',
    ],
    ["that fails a call", chain, "client", () => [["reject", 3, 1]], 'got ["reject",3,1]'],
    ["that says nothing", chain, "client", () => [], "nothing came for 20 ms"],
    [
      "that answers what nobody asked for",
      chain,
      "client",
      (messages) => [...messages, ["resolve", 1, 5]],
      'nobody expected ["resolve",1,5]',
    ],
    [
      "that aborts",
      chain,
      "client",
      () => [["abort", ["error", "Error", "no"]]],
      'the peer aborted: ["abort",["error","Error","no"]]',
    ],
    [
      "that talks nonsense",
      chain,
      "client",
      (messages) => ["{", ...messages],
      'nobody expected ["nonsense","{"]',
    ],
    [
      "that makes a call too many",
      callback,
      "client",
      (messages) => [...messages, ["push", ["pipeline", -1, [], [3]]]],
      "nobody expected",
    ],
    [
      "that makes its calls in another order",
      callback,
      "client",
      (messages) => {
        const calls = messages.filter(([tag]) => tag === "push");
        const [first, second] = calls;
        return messages.map((each) => (each === first ? second : each === second ? first : each));
      },
      "got",
    ],
    [
      "that doesn't release",
      callback,
      "client",
      (messages) => messages.filter(([tag]) => tag !== "release"),
      'expected ["release"',
    ],
    [
      "that releases twice",
      callback,
      "client",
      (messages) => [...messages, ...messages.filter(([tag]) => tag === "release")],
      "released",
    ],
    ["that doesn't pull", chain, "server", (m) => m.filter(([tag]) => tag !== "pull"), "pull"],
  ])("%s", async (_, each, side, change, complaint) => {
    await expect(play(side, each, change)).rejects.toThrow(complaint);
  });

  test("that hangs up early", async () => {
    const player = new Player(chain, "client", { timeout: 1000 });
    player.inbox.closed("1006");
    await expect(player.play({ send() {}, close() {} })).rejects.toThrow(
      "the connection ended: 1006",
    );
  });
});

test("a client may release late after its scenario, but say nothing else", async () => {
  const chain = transcript("pipeline-three-dependent-calls");
  const after = async (message: string) => {
    const player = new Player(chain, "server", { timeout: 1000 });
    for (const { from, text } of chain.lines) if (from === "client") player.inbox.message(text!);
    await player.play({ send() {}, close() {} });
    player.inbox.message(message);
    player.inbox.closed("1000");
    await player.linger(1000);
  };
  await after('["release",1,1]');
  await expect(after('["push",1]')).rejects.toThrow('nobody expected ["push",1]');
  await expect(after("junk")).rejects.toThrow("nobody expected");
});
