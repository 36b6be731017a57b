import {
  $,
  call,
  dispose,
  events,
  type GoldenScene,
  local,
  make,
  rawServer,
  read,
  readOne,
  settle,
  wait,
} from "./scene.ts";

const stubOfCounter = make("mine", local("stub", local("counter")));

/** Actions that a server may take towards a client. */
export const scriptedServerScenes: readonly GoldenScene[] = [
  rawServer(
    "refcounts: passed again while the server's release is on its way",
    [
      stubOfCounter,
      call("a", "api.one", $("mine")),
      wait("a"),
      call("b", "api.two", $("mine")),
      dispose("mine"),
      wait("b"),
      settle,
      events,
    ],
    [
      [
        ["resolve", 1, 1],
        ["release", -1, 1],
      ],
      [
        ["push", ["pipeline", -1, ["increment"], [5]]],
        ["pull", 1],
      ],
      [
        ["release", 1, 1],
        ["resolve", 2, 2],
        ["release", -1, 1],
      ],
      [],
    ],
    { features: ["capabilities"], isRace: true },
  ),
  rawServer(
    "refcounts: the server releases more than it was given",
    [stubOfCounter, call("a", "api.one", $("mine")), wait("a"), settle],
    [[["release", -1, 2]], [["resolve", 1, 1]]],
    { ownWording: true },
  ),
  rawServer(
    "promises: a promise of the server's resolves to a stub",
    [call("a", "api.one"), wait("a"), call("b", "a.method", 1), wait("b"), dispose("a"), settle],
    [[["resolve", 1, ["promise", -1]]], [["resolve", -1, ["export", -2]]], [["resolve", 2, 2]]],
    { features: ["promises"] },
  ),
  rawServer(
    "promises: a result is a property of the client's target",
    [call("a", "api.one", local("user", 3)), wait("a"), settle],
    [
      [
        ["resolve", 1, ["pipeline", -1, ["name"]]],
        ["release", -1, 1],
      ],
    ],
    { features: ["promises"] },
  ),
  rawServer(
    "promises: a result is a call on the client's target",
    [call("a", "api.one", local("user", 3)), wait("a"), settle],
    [
      [
        ["resolve", 1, ["pipeline", -1, ["greet"], ["hi"]]],
        ["release", -1, 1],
      ],
    ],
    { features: ["promises"] },
  ),
  rawServer(
    "promises: a failure for a call that the client let go",
    [call("a", "api.one"), dispose("a"), settle, call("b", "api.two"), wait("b")],
    [[["reject", 1, ["error", "Error", "too late"]]], [], [["resolve", 2, 2]]],
    { features: ["promises"] },
  ),
  rawServer(
    "stream: of the server's, its writer waits for the reader",
    [
      call("stream", "api.one"),
      wait("stream"),
      settle,
      readOne("stream"),
      settle,
      readOne("stream"),
      settle,
      readOne("stream"),
      settle,
    ],
    [
      [["pipe"], ["resolve", 1, ["readable", 1]], ["stream", ["pipeline", 1, ["write"], ["a"]]]],
      [["stream", ["pipeline", 1, ["write"], ["b"]]]],
      [],
      [],
      [["stream", ["pipeline", 1, ["close"], []]]],
      [],
    ],
    { features: ["streams"], isRace: true },
  ),
  rawServer(
    "stream: of the server's, aborted",
    [call("stream", "api.one"), wait("stream"), readOne("stream"), read("stream"), settle],
    [
      [["pipe"], ["resolve", 1, ["readable", 1]], ["stream", ["pipeline", 1, ["write"], ["a"]]]],
      [["stream", ["pipeline", 1, ["abort"], [["error", "RangeError", "no more"]]]]],
    ],
    { features: ["streams"] },
  ),
  rawServer(
    "stream: of the server's, let go without being closed",
    [call("stream", "api.one"), wait("stream"), readOne("stream"), read("stream"), settle],
    [
      [["pipe"], ["resolve", 1, ["readable", 1]], ["stream", ["pipeline", 1, ["write"], ["a"]]]],
      [["release", 1, 1]],
    ],
    { features: ["streams"], ownWording: true },
  ),
  ...Object.entries<readonly unknown[][]>({
    "written to and closed": [
      [
        ["stream", ["pipeline", -1, ["write"], ["a"]]],
        ["stream", ["pipeline", -1, ["write"], ["b"]]],
      ],
      [["stream", ["pipeline", -1, ["close"], []]]],
    ],
    aborted: [
      [["stream", ["pipeline", -1, ["write"], ["a"]]]],
      [["stream", ["pipeline", -1, ["abort"], [["error", "Error", "no more"]]]]],
    ],
    "let go without being closed": [[["stream", ["pipeline", -1, ["write"], ["a"]]]]],
  }).map(([name, parts]) =>
    rawServer(
      `stream: the client's sink, ${name}`,
      [call("a", "api.one", local("writable")), wait("a"), settle, events],
      [
        ...parts,
        [
          ["resolve", 1, 1],
          ["release", -1, 1],
        ],
      ],
      { features: ["streams"], ...(name.startsWith("let go") && { ownWording: true }) },
    ),
  ),
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
    [call("a", "api.one", ["$local", "double"]), wait("a"), dispose("a"), settle],
    [
      [
        ["resolve", 1, ["import", -1]],
        ["release", -1, 1],
      ],
    ],
    {
      deviates: {
        side: "client",
        why: "the reference can't take a stub of its own as the result of a call",
      },
    },
  ),
  rawServer(
    "promises: resolved before it is pulled",
    [call("a", "api.one"), settle, wait("a"), settle],
    [[["resolve", 1, 9]]],
    { isRace: true },
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
