import { $, call, dispose, type GoldenScene, rawClient, rawServer, settle, wait } from "./scene.ts";

const echo = (expression: unknown) => ["push", ["pipeline", 0, ["echo"], [expression]]];
const WORDING = "the reference passes on the platform's error, we say which expression it was";
const nested = (depth: number) => `${"[".repeat(depth)}1${"]".repeat(depth)}`;

/** Messages that end a session, by name. */
const MESSAGES: Readonly<Record<string, unknown>> = {
  "no JSON": "[oops",
  "no text at all": "",
  "a JSON number": "5",
  "a JSON object": "{}",
  null: "null",
  "an empty array": "[]",
  "an unknown tag": '["shove",1]',
  "a tag that isn't text": "[5,1]",
  "push without an expression": '["push"]',
  "pull without an id": '["pull"]',
  "pull with a text id": '["pull","1"]',
  "pull of an unknown id": '["pull",7]',
  "resolve without an expression": '["resolve",1]',
  "release without a count": '["release",0]',
  "release of an unknown id": '["release",7,1]',
  "release of more than there are": '["release",0,2]',
  "release with a text count": '["release",0,"1"]',
  "abort without a reason": '["abort"]',
  "stream without an expression": '["stream"]',
};

/** Expressions that end a session, by name. */
export const EXPRESSIONS: Readonly<Record<string, unknown>> = {
  "an unknown tag": ["nonsense"],
  "an empty array": [],
  "a bigint that is no number": ["bigint", "x"],
  "a bigint without digits": ["bigint"],
  "a date that is text": ["date", "today"],
  "bytes that are no base64": ["bytes", "!"],
  "bytes of an unknown class": ["bytes", "AA", "Uint7Array"],
  "bytes of half an element": ["bytes", "AAEC", "Int16Array"],
  "an error without a message": ["error", "Error"],
  "an error with a numeric name": ["error", 5, "m"],
  "a URL that is none": ["url", "nowhere"],
  "headers that are no list": ["headers", 5],
  "headers with half a pair": ["headers", [["a"]]],
  "a request without settings": ["request", "http://example.com/"],
  "a request with a bad URL": ["request", "nowhere", {}],
  "a response with a bad status": ["response", null, { status: 7 }],
  "import of an unknown id": ["import", 7],
  "import with a text id": ["import", "1"],
  "pipeline on an unknown id": ["pipeline", 7, ["a"]],
  "pipeline with a path that is no list": ["pipeline", 0, "echo"],
  "pipeline with an object in its path": ["pipeline", 0, [{}]],
  "pipeline with arguments that are no list": ["pipeline", 0, ["echo"], 5],
  "export under a positive id": ["export", 7],
  "export under a text id": ["export", "x"],
  "promise under id 0": ["promise", 0],
  "writable under a positive id": ["writable", 7],
  "readable of what is no pipe": ["readable", 0],
  "readable of an unknown id": ["readable", 7],
  "remap without instructions": ["remap", 0, [], []],
  "remap with a capture that is none": ["remap", 0, [], [5], [1]],
  "remap on an unknown id": ["remap", 7, [], [], [1]],
  "a blob without content": ["blob", "text/plain"],
};

/** What the reference lets pass, or words as the platform does, and we don't. */
const STRICTER: Readonly<Record<string, string>> = {
  "abort without a reason": "to the reference it is an abort because of undefined",
  "a bigint that is no number": WORDING,
  "bytes that are no base64": "the reference takes out of it what it can",
  "a URL that is none": WORDING,
  "headers with half a pair": WORDING,
  "a request with a bad URL": WORDING,
  "a response with a bad status": WORDING,
  "export under a positive id": "the reference takes an id that only this side may choose",
  "promise under id 0": "the reference only fails the call",
  "writable under a positive id": "the reference takes an id that only this side may choose",
};

const strictly = (name: string): Pick<GoldenScene, "ownWording" | "deviates"> => {
  const why = STRICTER[name];
  return {
    ownWording: true,
    ...(why && { deviates: { side: "server", why, isHarmless: why === WORDING } }),
  };
};

export const malformedScenes: readonly GoldenScene[] = [
  ...Object.entries(MESSAGES).map(([name, message]) =>
    rawClient(`malformed message: ${name}`, [[message], [echo(1), ["pull", 1]]], strictly(name)),
  ),
  ...Object.entries(EXPRESSIONS).map(([name, expression]) =>
    rawClient(`malformed expression: ${name}`, [[echo(expression), ["pull", 1]]], strictly(name)),
  ),
  rawClient("malformed: nested too deep", [[`["push",["pipeline",0,["echo"],[${nested(600)}]]]`]], {
    ownWording: true,
  }),
  rawClient("malformed: a bigint of too many digits", [[echo(["bigint", "1".repeat(16_385)])]], {
    ownWording: true,
  }),
  rawClient("malformed: nothing is heard after an abort", [
    [["abort", ["error", "Error", "enough"]], echo(1), ["pull", 1]],
  ]),
  rawClient("malformed: keys that may not be used are dropped", [
    [echo({ constructor: 1, toString: 2, toJSON: 3, ok: 4 }), ["pull", 1], ["release", 1, 1]],
  ]),
  rawClient("malformed: __proto__ is dropped", [
    ['["push",["pipeline",0,["echo"],[{"__proto__":{"polluted":1},"ok":4}]]]', ["pull", 1]],
  ]),
  rawClient("malformed: a dropped key's stub is released", [
    [echo({ toString: ["export", -1], ok: 4 }), ["pull", 1]],
  ]),
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
  rawClient(
    "malformed: a pipe claimed twice",
    [
      [
        ["pipe"],
        ["push", ["pipeline", 0, ["read"], [["readable", 1]]]],
        ["push", ["pipeline", 0, ["read"], [["readable", 1]]]],
      ],
    ],
    { ownWording: true },
  ),
  rawClient("unusual: the main object is released", [[["release", 0, 1]]]),
  rawClient("unusual: an announcement that nobody asked for", [
    [
      ["reject", 9007199254740991, { capnweb: { v: 1, features: ["calls"] } }],
      echo(1),
      ["pull", 1],
    ],
  ]),
  // What a server may do to a client.
  rawServer(
    "refcounts: one id exported by two results",
    [
      call("a", "api.one"),
      wait("a"),
      call("b", "api.two"),
      wait("b"),
      dispose("a"),
      settle,
      dispose("b"),
      settle,
    ],
    [[["resolve", 1, ["export", -1]]], [["resolve", 2, ["export", -1]]]],
    {
      deviates: {
        side: "client",
        why: "the reference gives one reference back, however often the id was introduced",
      },
    },
  ),
  rawServer(
    "refcounts: one id twice in one result",
    [call("a", "api.one"), wait("a"), dispose("a"), settle],
    [
      [
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
    ],
    {
      deviates: {
        side: "client",
        why: "the reference gives one reference back, however often the id was introduced",
      },
    },
  ),
  rawServer(
    "refcounts: exported again while its release is on its way",
    [
      call("a", "api.one"),
      call("b", "api.two"),
      wait("a"),
      dispose("a"),
      wait("b"),
      call("c", "b.use"),
      dispose("b"),
      settle,
    ],
    [
      [
        ["resolve", 1, ["export", -1]],
        ["resolve", 2, ["export", -1]],
      ],
      [["resolve", 3, 1]],
    ],
    { isRace: true },
  ),
  rawServer(
    "refcounts: an id comes back after its release",
    [
      call("a", "api.one"),
      wait("a"),
      dispose("a"),
      settle,
      call("b", "api.two"),
      wait("b"),
      dispose("b"),
      settle,
    ],
    [[["resolve", 1, ["export", -1]]], [], [["resolve", 2, ["export", -1]]]],
  ),
  rawServer(
    "promises: a promise of the server's resolves to another",
    [call("a", "api.one"), wait("a"), settle],
    [[["resolve", 1, ["promise", -1]]], [["resolve", -1, ["promise", -2]]], [["resolve", -2, 5]]],
  ),
  rawServer(
    "promises: a promise of the server's fails",
    [call("a", "api.one"), wait("a"), settle],
    [[["resolve", 1, { p: ["promise", -1] }]], [["reject", -1, ["error", "RangeError", "no"]]]],
  ),
  rawServer(
    "promises: a result is the client's own stub",
    [call("a", "api.one", ["$local", "double"]), wait("a"), settle],
    [
      [
        ["resolve", 1, 1],
        ["release", -1, 1],
      ],
    ],
  ),
  rawServer(
    "promises: resolved before it is pulled",
    [call("a", "api.one"), settle, wait("a"), settle],
    [[["resolve", 1, 9]]],
  ),
  rawServer(
    "promises: resolved twice",
    [call("a", "api.one"), wait("a"), settle],
    [
      [
        ["resolve", 1, 1],
        ["resolve", 1, 2],
      ],
    ],
  ),
  rawServer(
    "promises: resolved after the client let go",
    [call("a", "api.one"), dispose("a"), settle, call("b", "api.two"), wait("b")],
    [[["resolve", 1, ["export", -1]]], [], [["resolve", 2, 2]]],
  ),
  rawServer(
    "session: the server aborts it",
    [
      call("a", "api.one"),
      call("b", "api.two", $("a")),
      wait("a", "b"),
      call("c", "api.three"),
      wait("c"),
      settle,
    ],
    [[["abort", ["error", "TypeError", "the server gave up"]]]],
  ),
  rawServer(
    "session: the server aborts it with no error",
    [call("a", "api.one"), wait("a"), settle],
    [[["abort", "just text"]]],
  ),
  rawServer(
    "session: the server talks nonsense",
    [call("a", "api.one"), wait("a"), settle],
    [[["resolve", 1, ["nonsense"]]]],
    { ownWording: true },
  ),
  rawServer(
    "callback: the server pipelines on what the client's function gives",
    [call("a", "api.one", ["$local", "makeCounter"]), wait("a"), settle, { do: "events" }],
    [
      [
        ["push", ["pipeline", -1, [], []]],
        ["push", ["pipeline", 1, ["increment"], [4]]],
        ["pull", 2],
      ],
      [
        ["release", 1, 1],
        ["release", 2, 1],
        ["release", -1, 1],
        ["resolve", 1, 0],
      ],
    ],
  ),
  rawServer(
    "callback: the server maps over what the client's target gives",
    [call("a", "api.one", ["$local", "user", 3]), wait("a"), settle],
    [
      [
        ["push", ["pipeline", -1, ["friends"], []]],
        ["push", ["remap", 1, [], [], [["pipeline", 0, ["name"]]]]],
        ["pull", 2],
      ],
      [
        ["release", 1, 1],
        ["release", 2, 1],
        ["release", -1, 1],
        ["resolve", 1, 0],
      ],
    ],
  ),
];
