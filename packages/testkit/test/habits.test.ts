import { describe, expect, test } from "vitest";
import { loadTranscripts } from "../src/conformance/transcripts.ts";
import type { Side } from "../src/index.ts";
import { type Change, playWith } from "./play-with.ts";

const transcripts = await loadTranscripts();

/** Changes each message. */
const each =
  (change: (message: any) => unknown): Change =>
  (messages) =>
    messages.map(change);

/** Changes the text of each message. */
const reworded = (from: string, to: string): Change =>
  each((message) => JSON.parse(JSON.stringify(message).replaceAll(from, to)));

/**
 * The messages of a peer that requests a property of `a` and passes it twice, in place of its path.
 */
const askedFor = (echo: unknown, property: string): unknown[] => {
  const asked = ["pipeline", 2];
  return [
    echo,
    ["push", ["pipeline", 1, ["a", property]]],
    ["push", ["pipeline", 0, ["add"], [asked, asked]]],
    ["pull", 3],
    ["release", 3, 1],
  ];
};

const UNDEFINED = '["undefined"]';

describe("a habit is accepted, except by a strict run", () => {
  test.each<[habit: string, id: string, side: Side, change: Change]>([
    [
      "wording",
      "unsendable-a-result",
      "client",
      reworded('"TypeError","Cannot serialize value: [object Map]"', '"Error","no such type"'),
    ],
    [
      "wording",
      "stream-let-go-without-being-closed",
      "client",
      reworded("sink aborted: WritableStream RPC stub was disposed", "sink aborted: let go"),
    ],
    ["wording", "error-no-such-method", "client", reworded("is not a function", "can't be called")],
    ["null for undefined", "stream-written-to-the-server", "client", reworded(UNDEFINED, "null")],
    [
      "null for undefined",
      "stream-the-server-writes-to-the-client-s",
      "server",
      reworded(UNDEFINED, "null"),
    ],
    ["export ids", "stub-of-the-server-s-used-and-disposed-of", "client", reworded("-1", "-9")],
    [
      "export ids",
      "callback-the-same-function-twice-is-exported-twice",
      "server",
      reworded('"export",-3', '"export",-2'),
    ],
    ["export ids", "stream-of-counters", "client", reworded('"export",-2', '"export",-1')],
    [
      "property as a get",
      "pipeline-a-promise-s-property-as-an-argument",
      "server",
      ([echo]) => [
        echo,
        ["push", ["pipeline", 1, ["a"]]],
        ["push", ["pipeline", 2, ["b"]]],
        [
          "push",
          [
            "pipeline",
            0,
            ["add"],
            [
              ["pipeline", 3],
              ["pipeline", 2, ["b"]],
            ],
          ],
        ],
        ["pull", 4],
        ["release", 4, 1],
        ["release", 3, 1],
        ["release", 2, 1],
      ],
    ],
    [
      "body as text",
      "fetch-a-response-from-the-server",
      "client",
      ([, [tag, id, [response, , init]]]) => [[tag, id, [response, "the body", init]]],
    ],
    [
      "body as text",
      "fetch-a-response-from-the-server",
      "client",
      ([, [tag, id, [response, , init]]]) => [
        [tag, id, [response, ["bytes", "dGhlIGJvZHk="], init]],
      ],
    ],
    [
      "body as text",
      "fetch-a-request-with-a-body",
      "server",
      ([, [push, [pipeline, main, path, [[request, url, { duplex: _, ...init }]]]]]) => [
        [push, [pipeline, main, path, [[request, url, { ...init, body: "posted" }]]]],
        ["pull", 1],
        ["release", 1, 1],
      ],
    ],
  ])("%s: %s", async (habit, id, side, change) => {
    const transcript = transcripts.get(id)!;
    expect((await playWith(side, transcript, { change })).habits).toEqual([habit]);
    await expect(playWith(side, transcript, { change, isStrict: true })).rejects.toMatchObject({
      code: "NOT_CONFORMING",
    });
  });
});

test("our side uses the peer's ids when it speaks to the peer", async () => {
  const swap = reworded('"export",-2', '"export",-1');
  const { said } = await playWith("client", transcripts.get("stream-of-counters")!, {
    change: swap,
  });
  expect(said.join()).not.toContain("-2");
  const { lines } = transcripts.get("pipeline-a-promise-s-property-as-an-argument")!;
  expect(lines.filter(({ from }) => from === "server").map(({ text }) => text)).toEqual([
    '["resolve",2,10]',
  ]);
  const answered = await playWith(
    "server",
    transcripts.get("pipeline-a-promise-s-property-as-an-argument")!,
    {
      change: ([echo]) => [...askedFor(echo, "b"), ["release", 2, 1]],
    },
  );
  expect(answered.said).toEqual(['["resolve",3,10]']);
});

test("a stub that the peer exports under several ids is released under each of them", async () => {
  const transcript = {
    ...transcripts.get("stub-of-the-server-s-used-and-disposed-of")!,
    lines: (
      [
        ["client", 0, ["push", ["pipeline", 0, ["pair"], []]]],
        ["client", 0, ["pull", 1]],
        [
          "server",
          2,
          [
            "resolve",
            1,
            [
              [
                ["export", -1],
                ["export", -1],
              ],
            ],
          ],
        ],
        ["client", 3, ["release", -1, 2]],
      ] as const
    ).map(([from, after, message]) => ({ from, after, text: JSON.stringify(message) })),
  };
  const { said } = await playWith("client", transcript, {
    change: () => [
      [
        "resolve",
        1,
        [
          [
            ["export", -1],
            ["export", -2],
          ],
        ],
      ],
    ],
  });
  expect(said.slice(2)).toEqual(['["release",-1,1]', '["release",-2,1]']);
});

describe("a difference that isn't a habit is refused by every run", () => {
  test.each<[what: string, id: string, side: Side, change: Change]>([
    [
      "null for the undefined that a method of the application gives",
      "callback-kept-called-later-and-let-go",
      "client",
      reworded(UNDEFINED, "null"),
    ],
    [
      "an error of the application's in other words",
      "error-plain",
      "client",
      reworded("failed", "x"),
    ],
    ["a value for an error", "unsendable-a-result", "client", each(() => ["resolve", 1, null])],
    [
      "an export under a positive id",
      "stub-of-the-server-s-used-and-disposed-of",
      "client",
      reworded('"export",-1', '"export",1'),
    ],
    [
      "a promise for an export",
      "stub-of-the-server-s-used-and-disposed-of",
      "client",
      reworded('"export"', '"promise"'),
    ],
    [
      "another body",
      "fetch-a-response-from-the-server",
      "client",
      ([, [tag, id, [response, , init]]]) => [[tag, id, [response, "a body", init]]],
    ],
    [
      "a property of another value",
      "pipeline-a-promise-s-property-as-an-argument",
      "server",
      ([echo]) => [...askedFor(echo, "c"), ["release", 2, 1]],
    ],
    [
      "a property that is asked for and never released",
      "pipeline-a-promise-s-property-as-an-argument",
      "server",
      ([echo]) => askedFor(echo, "b"),
    ],
  ])("%s", async (_, id, side, change) => {
    await expect(playWith(side, transcripts.get(id)!, { change })).rejects.toMatchObject({
      code: "NOT_CONFORMING",
    });
  });
});
