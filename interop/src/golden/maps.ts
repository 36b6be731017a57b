import {
  $,
  batch,
  call,
  dispose,
  type GoldenScene,
  get,
  list,
  local,
  make,
  map,
  saysWhere,
  scene,
  serverEvents,
  settle,
  wait,
} from "./scene.ts";

const f = ["map"] as const;
const INDEPENDENT = {
  side: "server",
  why: "independent promises resolve in another order",
  isHarmless: true,
} as const;
const numbers = call("list", "api.echo", list(1, 2, 3));

export const mapScenes: readonly GoldenScene[] = [
  batch("map: the element itself", f, [numbers, map("out", "list", [], $("it")), wait("out")]),
  batch("map: a constant", f, [numbers, map("out", "list", [], "same"), wait("out")]),
  batch("map: a constant of every kind", f, [
    numbers,
    map("out", "list", [], { a: list(["date", 5], ["bigint", "7"]), b: ["undefined"] }),
    wait("out"),
  ]),
  batch("map: undefined", f, [numbers, map("out", "list", [], ["undefined"]), wait("out")]),
  batch("map: a call on the main object", f, [
    numbers,
    map("out", "list", [call("sum", "api.add", $("it"), 100)], $("sum")),
    wait("out"),
  ]),
  batch("map: a property of each", f, [
    call("list", "api.echo", list({ a: { b: 1 } }, { a: { b: 2 } })),
    map("out", "list", [get("part", "it.a.b")], $("part")),
    wait("out"),
  ]),
  batch(
    "map: a property of each target",
    ["map", "capabilities"],
    [
      call("user", "api.user", 1),
      call("friends", "user.friends"),
      map("out", "friends", [get("name", "it.name")], $("name")),
      wait("out"),
    ],
  ),
  batch(
    "map: a method of each target",
    ["map", "capabilities"],
    [
      call("user", "api.user", 1),
      call("friends", "user.friends"),
      map("out", "friends", [call("greeting", "it.greet", "hey")], $("greeting")),
      wait("out"),
    ],
  ),
  batch(
    "map: an object of two results",
    f,
    [
      numbers,
      map(
        "out",
        "list",
        [call("one", "api.add", $("it"), 1), call("two", "api.add", $("one"), 1)],
        { n: $("it"), results: list($("one"), $("two")) },
      ),
      wait("out"),
    ],
    { deviates: INDEPENDENT },
  ),
  batch("map: the result of a call as another's argument", f, [
    numbers,
    map(
      "out",
      "list",
      [call("one", "api.add", $("it"), $("it")), call("two", "api.add", $("one"), $("one"))],
      $("two"),
    ),
    wait("out"),
  ]),
  batch("map: over an empty list", f, [
    call("list", "api.echo", list()),
    map("out", "list", [call("sum", "api.add", $("it"), 1)], $("sum")),
    wait("out"),
  ]),
  batch("map: over null", f, [
    call("nothing", "api.echo", null),
    map("out", "nothing", [get("a", "it.a")], $("a")),
    wait("out"),
  ]),
  batch("map: over undefined", f, [
    call("nothing", "api.echo", ["undefined"]),
    map("out", "nothing", [get("a", "it.a")], $("a")),
    wait("out"),
  ]),
  batch("map: over one value", f, [
    call("value", "api.echo", { a: 5 }),
    map("out", "value", [get("a", "it.a"), call("sum", "api.add", $("a"), 1)], $("sum")),
    wait("out"),
  ]),
  batch(
    "map: over a target",
    ["map", "capabilities"],
    [
      call("user", "api.user", 3),
      map("out", "user", [get("name", "it.name")], $("name")),
      wait("out"),
    ],
  ),
  batch("map: over a property", f, [
    call("value", "api.echo", { a: { list: list(1, 2) } }),
    map("out", "value.a.list", [call("sum", "api.add", $("it"), 1)], $("sum")),
    wait("out"),
  ]),
  batch("map: chained", f, [
    numbers,
    map("more", "list", [call("sum", "api.add", $("it"), 1)], $("sum")),
    map("out", "more", [call("sum", "api.add", $("it"), 1)], $("sum")),
    wait("out"),
  ]),
  batch("map: a call on the result of a map", f, [
    numbers,
    map("more", "list", [], $("it")),
    call("out", "api.echo", $("more")),
    wait("out"),
  ]),
  batch("map: nested", f, [
    call("matrix", "api.echo", list(list(1, 2), list(3), list())),
    map(
      "out",
      "matrix",
      [map("row", "it", [call("sum", "api.add", $("it"), 1)], $("sum"))],
      $("row"),
    ),
    wait("out"),
  ]),
  batch("map: nested, with the outer element", f, [
    numbers,
    map(
      "out",
      "list",
      [
        call("id", "api.echo", $("it")),
        call("inner", "api.echo", list(10, 20)),
        map("row", "inner", [call("sum", "api.add", $("id"), $("it"))], $("sum")),
      ],
      $("row"),
    ),
    wait("out"),
  ]),
  batch(
    "map: a stub of the server's is captured",
    ["map", "capabilities"],
    [
      numbers,
      call("adder", "api.adder", 5),
      map("out", "list", [call("sum", "adder", $("it"))], $("sum")),
      wait("out"),
    ],
  ),
  scene(
    "map: a stub of the client's is captured",
    ["map", "capabilities"],
    [
      make("double", local("stub", local("double"))),
      numbers,
      map("out", "list", [call("twice", "double", $("it"))], $("twice")),
      wait("out"),
      settle,
      dispose("double"),
      settle,
    ],
  ),
  batch(
    "map: two stubs are captured, one of them twice",
    ["map", "capabilities"],
    [
      numbers,
      call("five", "api.adder", 5),
      call("six", "api.adder", 6),
      map(
        "out",
        "list",
        [call("a", "five", $("it")), call("b", "six", $("it")), call("c", "five", 1)],
        list($("a"), $("b"), $("c")),
      ),
      wait("out"),
    ],
  ),
  batch(
    "map: a stub that is captured is called with a result",
    ["map", "capabilities"],
    [
      numbers,
      call("five", "api.adder", 5),
      map("out", "list", [call("a", "api.add", $("it"), 1), call("b", "five", $("a"))], $("b")),
      wait("out"),
    ],
    {
      deviates: {
        side: "server",
        why: "the reference lets go of what a map captured before calls that wait for arguments",
      },
    },
  ),
  batch(
    "map: a property of a stub that is captured",
    ["map", "capabilities"],
    [
      numbers,
      call("user", "api.user", 4),
      map("out", "list", [get("city", "user.profile.city.name")], $("city")),
      wait("out"),
    ],
  ),
  batch(
    "map: a stub is captured by a map in a map",
    ["map", "capabilities"],
    [
      call("matrix", "api.echo", list(list(1, 2), list(3))),
      call("adder", "api.adder", 5),
      map("out", "matrix", [map("row", "it", [call("sum", "adder", $("it"))], $("sum"))], $("row")),
      wait("out"),
    ],
  ),
  scene(
    "map: a stub that is captured is let go at once",
    ["map", "capabilities"],
    [
      numbers,
      call("counter", "api.counter"),
      wait("counter"),
      map("out", "list", [call("count", "counter.increment", $("it"))], $("count")),
      dispose("counter"),
      wait("out"),
      ...serverEvents,
    ],
    {
      deviates: { side: "client", why: "the reference doesn't release what a map captured" },
    },
  ),
  scene("map: never awaited, and let go", f, [
    numbers,
    map("out", "list", [call("sum", "api.add", $("it"), 1)], $("sum")),
    settle,
    dispose("out"),
    settle,
  ]),
  scene(
    "map: over a stub that was awaited",
    ["map", "capabilities"],
    [
      call("user", "api.user", 3),
      wait("user"),
      map("out", "user", [get("name", "it.name")], $("name")),
      wait("out"),
      dispose("user"),
      settle,
    ],
  ),
  scene(
    "map: over a promise of the client's own",
    f,
    [
      make("mine", local("promise", list(1, 2))),
      map("out", "mine", [call("sum", "api.add", $("it"), 1)], $("sum")),
      wait("out"),
      settle,
    ],
    {
      deviates: {
        side: "client",
        why: "the pull of a call that was queued on a local promise leaves earlier",
        isHarmless: true,
      },
    },
  ),
  batch("map: a property of its result", f, [
    numbers,
    map("out", "list", [], { n: $("it") }),
    get("first", "out.length"),
    wait("first"),
  ]),
  batch("map: a promise is captured", f, [
    numbers,
    call("ten", "api.add", 5, 5),
    map("out", "list", [call("sum", "api.add", $("it"), $("ten"))], $("sum")),
    wait("out"),
  ]),
  scene(
    "map: gives targets",
    ["map", "capabilities"],
    [
      numbers,
      map("out", "list", [call("counter", "api.counter", $("it"))], $("counter")),
      wait("out"),
      dispose("out"),
      settle,
    ],
  ),
  batch(
    "map: a call in it fails",
    ["map", "errors"],
    [
      call("user", "api.user", 1),
      call("friends", "user.friends"),
      map("out", "friends", [call("failed", "it.fail")], $("failed")),
      wait("out"),
    ],
  ),
  batch(
    "map: over a failed call",
    ["map", "errors"],
    [
      call("failed", "api.fail", "plain"),
      map("out", "failed", [get("a", "it.a")], $("a")),
      wait("out"),
    ],
  ),
  batch(
    "map: a function can't be made in it",
    f,
    [
      numbers,
      map("out", "list", [call("back", "api.call", local("double"), $("it"))], $("back")),
      call("sum", "api.add", 1, 2),
      wait("sum"),
    ],
    saysWhere("client"),
  ),
  batch(
    "map: what can't travel can't be its result",
    f,
    [numbers, map("out", "list", [], local("map")), call("sum", "api.add", 1, 2), wait("sum")],
    saysWhere("client"),
  ),
];
