import {
  EXPRESSIONS,
  INSTRUCTIONS,
  MESSAGES,
  STRICTER,
  TOO_LONG,
  TOO_MANY,
  WORDED,
  WORDING,
} from "./malformed-input.ts";
import { call, echo, type GoldenScene, rawClient, rawServer, settle, wait } from "./scene.ts";

const nested = (depth: number) => `${"[".repeat(depth)}1${"]".repeat(depth)}`;
const HARMLESS: readonly unknown[] = [WORDING, WORDED];

/**
 * The facts about a scene of malformed input, if `side` deviates for a reason; `undefined` means no
 * deviation.
 */
function strictly(
  why: string | undefined,
  side: "client" | "server" = "server",
): Pick<GoldenScene, "ownWording" | "deviates"> {
  if (why === undefined) return { ownWording: true };
  return { ownWording: true, deviates: { side, why, isHarmless: HARMLESS.includes(why) } };
}

export const malformedScenes: readonly GoldenScene[] = [
  ...Object.entries(MESSAGES).map(([name, message]) =>
    rawClient(
      `malformed message: ${name}`,
      [[message], [echo(1), ["pull", 1]]],
      strictly(STRICTER[name]),
    ),
  ),
  ...Object.entries(EXPRESSIONS).map(([name, expression]) =>
    rawClient(
      `malformed expression: ${name}`,
      [[echo(expression), ["pull", 1]]],
      strictly(STRICTER[name]),
    ),
  ),
  ...Object.entries(MESSAGES).map(([name, message]) =>
    rawServer(
      `malformed message from the server: ${name}`,
      [call("a", "api.one"), wait("a"), call("b", "api.two"), wait("b"), settle],
      [[message], [["resolve", 1, 1]], [["resolve", 2, 2]]],
      strictly(STRICTER[name], "client"),
    ),
  ),
  ...Object.entries(TOO_LONG).map(([tag, message]) =>
    rawClient(
      `malformed message: ${tag} with an element too many`,
      [[message], [echo(1), ["pull", 1]]],
      strictly(TOO_MANY),
    ),
  ),
  ...Object.entries(INSTRUCTIONS).map(([name, instructions]) =>
    rawClient(
      `malformed instruction: ${name}`,
      [
        [echo([[1, 2]]), ["push", ["remap", 1, [], [], instructions]], ["pull", 2]],
        [echo(1), ["pull", 3]],
      ],
      strictly(name === "an unknown tag" ? undefined : WORDED),
    ),
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
];
