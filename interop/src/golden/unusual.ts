import { ANNOUNCEMENT_ID } from "@capnweb/wire";
import { WORDED } from "./malformed-input.ts";
import { call, echo, type GoldenScene, rawClient, rawServer, wait } from "./scene.ts";

/** Paths of calls that lead through properties without a remote meaning, by name. */
const PATHS: Readonly<Record<string, readonly unknown[]>> = {
  __proto__: ["__proto__"],
  constructor: ["constructor"],
  toString: ["toString"],
  "an own property": ["secret"],
  "a method's call": ["greet", "call"],
  "a text's length": ["name", "length"],
  "an element of a list": ["profile", "tags", 1],
  "a negative element": ["profile", "tags", -1],
  "half an element": ["profile", "tags", 0.5],
  "an element that isn't there": ["profile", "tags", 7],
  "a list's length": ["profile", "tags", "length"],
  "a list's method": ["profile", "tags", "push"],
};

const ANNOUNCEMENT = [
  "reject",
  ANNOUNCEMENT_ID,
  { capnweb: { v: 1, features: ["none-of-these"] } },
];

const COUNTED_ONCE = {
  side: "server",
  why: "the reference gives one reference back, however often the id was introduced",
} as const;

/** Messages that a client may send, but that ours doesn't. */
export const unusualScenes: readonly GoldenScene[] = [
  // A peer announces extensions by failing a call that was never made. The message is ignored.
  rawClient(
    "announcement: the client's",
    [[ANNOUNCEMENT, echo(1), ["pull", 1], ["release", 1, 1]]],
    {
      features: ["values"],
    },
  ),
  rawServer(
    "announcement: the server's",
    [call("a", "api.one"), wait("a"), call("b", "api.two"), wait("b")],
    [[ANNOUNCEMENT, ["resolve", 1, 1]], [["resolve", 2, 2]]],
    { features: ["values"] },
  ),
  rawClient(
    "refcounts: the server gets one id twice in one call",
    [
      [
        [
          "push",
          [
            "pipeline",
            0,
            ["use"],
            [
              [
                [
                  ["export", -1],
                  ["export", -1],
                ],
              ],
              "nothing",
            ],
          ],
        ],
        ["pull", 1],
      ],
    ],
    { features: ["capabilities"], deviates: COUNTED_ONCE },
  ),
  rawClient(
    "refcounts: the server gets one id in two calls",
    [
      [
        ["push", ["pipeline", 0, ["use"], [["export", -1], "nothing"]]],
        ["push", ["pipeline", 0, ["use"], [["export", -1], "nothing"]]],
        ["pull", 1],
        ["pull", 2],
      ],
    ],
    { features: ["capabilities"] },
  ),
  rawClient(
    "refcounts: the server keeps a stub of which the id comes again",
    [
      [
        ["push", ["pipeline", 0, ["keep"], [["export", -1]]]],
        ["pull", 1],
      ],
      [
        ["push", ["pipeline", 0, ["use"], [["export", -1], "nothing"]]],
        ["pull", 2],
      ],
      [
        ["push", ["pipeline", 0, ["letGo"], []]],
        ["pull", 3],
      ],
    ],
    { features: ["capabilities"], deviates: COUNTED_ONCE },
  ),
  rawClient(
    "refcounts: a result is released once too often",
    [[echo(1), ["pull", 1], ["release", 1, 1]], [["release", 1, 1]], [echo(2), ["pull", 2]]],
    { ownWording: true },
  ),
  rawClient(
    "stream: a pipe of the client's that nobody reads yet holds its writer back",
    [
      [
        ["pipe"],
        ["stream", ["pipeline", 1, ["write"], ["a"]]],
        ["stream", ["pipeline", 1, ["write"], ["b"]]],
      ],
      [
        ["push", ["pipeline", 0, ["read"], [["readable", 1]]]],
        ["pull", 4],
      ],
      [["stream", ["pipeline", 1, ["close"], []]]],
      [
        ["release", 1, 1],
        ["release", 4, 1],
      ],
    ],
    { features: ["streams"], isRace: true },
  ),
  rawClient(
    "stream: a sink of the server's is written to by push",
    [
      [
        ["push", ["pipeline", 0, ["sink"], ["collecting"]]],
        ["pull", 1],
      ],
      [
        ["push", ["pipeline", -1, ["write"], ["a"]]],
        ["pull", 2],
      ],
      [
        ["push", ["pipeline", -1, ["close"], []]],
        ["pull", 3],
      ],
      [
        ["push", ["pipeline", 0, ["collected"], []]],
        ["pull", 4],
      ],
    ],
    { features: ["streams"] },
  ),
  rawClient(
    "stream: a sink of the server's has no other methods",
    [
      [
        ["push", ["pipeline", 0, ["sink"], ["collecting"]]],
        ["pull", 1],
      ],
      [
        ["push", ["pipeline", -1, ["getWriter"], []]],
        ["pull", 2],
      ],
    ],
    {
      features: ["streams"],
      ownWording: true,
      deviates: { side: "server", why: WORDED, isHarmless: true },
    },
  ),
  ...Object.entries(PATHS).map(([name, path]) =>
    rawClient(
      `path: ${name}`,
      [
        [
          ["push", ["pipeline", 0, ["user"], [1]]],
          ["push", ["pipeline", 1, path]],
          ["pull", 2],
        ],
        [echo(1), ["pull", 3]],
      ],
      { features: ["pipelining"], ownWording: true },
    ),
  ),
  rawClient("unusual: padded base64", [[echo(["bytes", "/w=="]), ["pull", 1]]]),
  rawClient("unusual: pulled twice", [[echo(1), ["pull", 1], ["pull", 1]]]),
  rawClient("unusual: resolve of an unknown id", [
    [["resolve", 7, 1], ["reject", 8, ["error", "Error", "m"]], echo(1), ["pull", 1]],
  ]),
  rawClient("unusual: resolve of an unknown id with a stub, which is released", [
    [["resolve", 7, ["export", -1]], echo(1), ["pull", 1]],
  ]),
  rawClient("unusual: released before it was pulled", [
    [echo(1), ["release", 1, 1], echo(2), ["pull", 2]],
  ]),
  rawClient("unusual: released while the call runs", [
    [
      ["push", ["pipeline", 0, ["fail"], ["later"]]],
      ["pull", 1],
      ["release", 1, 1],
    ],
  ]),
  rawClient("unusual: a call by stream", [[["stream", ["pipeline", 0, ["add"], [1, 2]]]]]),
  rawClient("unusual: a failing call by stream", [
    [["stream", ["pipeline", 0, ["fail"], ["props"]]]],
  ]),
  rawClient("unusual: a call by stream that gives a target", [
    [["stream", ["pipeline", 0, ["counter"], [5]]]],
    [
      ["push", ["pipeline", -1, ["increment"], [1]]],
      ["pull", 2],
      ["release", -1, 1],
    ],
  ]),
  rawClient("unusual: push of a plain value", [
    [
      ["push", { a: 1 }],
      ["pull", 1],
    ],
  ]),
  rawClient("unusual: pipelining on a pushed value", [
    [
      ["push", { a: { b: 7 } }],
      ["push", ["pipeline", 1, ["a", "b"]]],
      ["pull", 2],
    ],
  ]),
  rawClient("unusual: import of a result, not waited for", [
    [
      ["push", ["pipeline", 0, ["adder"], [1]]],
      ["push", ["pipeline", 0, ["call"], [["import", 1], 5]]],
      ["pull", 2],
    ],
  ]),
  rawClient("unusual: a pipe, written before it is claimed", [
    [
      ["pipe"],
      ["stream", ["pipeline", 1, ["write"], ["a"]]],
      ["stream", ["pipeline", 1, ["close"], []]],
      ["push", ["pipeline", 0, ["read"], [["readable", 1]]]],
      ["pull", 4],
    ],
  ]),
  rawClient("unusual: a pipe that is aborted", [
    [
      ["pipe"],
      ["push", ["pipeline", 0, ["read"], [["readable", 1]]]],
      ["pull", 2],
      ["stream", ["pipeline", 1, ["write"], ["a"]]],
    ],
    [["stream", ["pipeline", 1, ["abort"], [["error", "Error", "no more"]]]]],
  ]),
  rawClient("unusual: a pipe that is released unclaimed", [
    [["pipe"], ["release", 1, 1], echo(1), ["pull", 2]],
  ]),
  rawClient("unusual: the main object is released", [[["release", 0, 1]]]),
];
