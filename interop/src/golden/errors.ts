import { batch, call, type GoldenScene, get, local, map, scene, settle, wait } from "./scene.ts";

const KINDS = [
  "plain",
  "props",
  "cause",
  "aggregate",
  "custom",
  "later",
  "string",
  "undefined",
  "object",
];

/** The deviation of a scene in which `side` decodes an error with a name that isn't built in. */
const keepsName = (side: "client" | "server"): Pick<GoldenScene, "deviates"> => ({
  deviates: { side, why: "the reference gives up names of errors that aren't built in" },
});

export const errorScenes: readonly GoldenScene[] = [
  ...KINDS.map((kind) =>
    batch(
      `error: ${kind}`,
      ["errors"],
      [call("failed", "api.fail", kind), wait("failed")],
      kind === "custom" ? keepsName("client") : {},
    ),
  ),
  ...KINDS.map((kind) =>
    batch(
      `error: ${kind}, replaced by the server`,
      ["errors"],
      [call("failed", "api.fail", kind), wait("failed")],
      { onSendError: "replace" },
    ),
  ),
  batch(
    "error: as a value, replaced by the server",
    ["errors"],
    [call("back", "api.echo", ["error", "RangeError", "a value"]), wait("back")],
    { onSendError: "replace" },
  ),
  batch(
    "error: a value with a cause and properties",
    ["errors"],
    [call("back", "api.echo", local("error", "local")), wait("back")],
  ),
  batch(
    "error: an aggregate of the client's",
    ["errors"],
    [call("back", "api.echo", local("aggregate")), wait("back")],
  ),
  batch(
    "error: of a class of the client's own",
    ["errors"],
    [call("back", "api.echo", local("customError")), wait("back")],
    keepsName("server"),
  ),
  batch(
    "error: a cause with a cause",
    ["errors"],
    [
      call("back", "api.echo", [
        "error",
        "Error",
        "outer",
        null,
        {
          cause: ["error", "TypeError", "inner", null, { cause: ["error", "RangeError", "core"] }],
        },
      ]),
      wait("back"),
    ],
  ),
  batch(
    "error: values of other kinds in its properties",
    ["errors"],
    [
      call("failed", "api.echo", [
        "error",
        "Error",
        "m",
        null,
        { values: [[["date", 5], ["undefined"], ["bigint", "7"]]] },
      ]),
      wait("failed"),
    ],
  ),
  batch(
    "error: a property that can't travel is left out",
    ["errors"],
    [call("back", "api.echo", local("errorWithMap")), wait("back")],
  ),
  ...Object.entries({
    "no such method": [call("failed", "api.noSuchMethod", 1)],
    "no such method of a value": [
      call("value", "api.echo", { a: {} }),
      call("failed", "value.a.nothing"),
    ],
    "no such property": [call("value", "api.echo", { a: {} }), get("failed", "value.b")],
    "property of nothing": [call("nothing", "api.echo", null), get("failed", "nothing.a")],
    "property of a missing property": [call("value", "api.echo", {}), get("failed", "value.a.b")],
    "instance property of a target": [call("user", "api.user", 1), get("failed", "user.secret")],
    "a target called as a function": [call("user", "api.user", 1), call("failed", "user", 1)],
    "a property called as a function": [
      call("user", "api.user", 1),
      call("failed", "user.name", 1),
    ],
  }).map(([name, steps]) =>
    batch(`error: ${name}`, ["errors", "pipelining"], [...steps, wait("failed")], {
      ownWording: true,
    }),
  ),
  batch(
    "error: names of Object.prototype lead nowhere",
    ["errors"],
    [
      call("value", "api.echo", { a: 1 }),
      get("failed", "value.valueOf"),
      call("sum", "api.add", 1, 2),
      wait("sum"),
    ],
  ),
  batch(
    "error: pipelining on a failed call",
    ["errors", "pipelining"],
    [
      call("failed", "api.fail", "plain"),
      get("part", "failed.a"),
      call("called", "failed.b", 1),
      wait("part", "called"),
    ],
  ),
  scene(
    "error: pipelining on a call that has failed",
    ["errors", "pipelining"],
    [
      call("failed", "api.fail", "props"),
      settle,
      get("part", "failed.a"),
      call("called", "failed.b", 1),
      map("mapped", "failed", [], 1),
      wait("part", "called", "mapped", "failed"),
      settle,
    ],
  ),
  batch(
    "error: a failed call's promise as an argument",
    ["errors", "pipelining"],
    [
      call("failed", "api.fail", "plain"),
      call("echoed", "api.echo", [[["$", "failed"]]]),
      wait("echoed"),
    ],
  ),
  scene(
    "error: nobody looks",
    ["errors"],
    [call("failed", "api.fail", "plain"), settle, call("sum", "api.add", 1, 2), wait("sum")],
  ),
  batch(
    "error: awaited twice",
    ["errors"],
    [call("failed", "api.fail", "props"), wait("failed", "failed")],
  ),
];
