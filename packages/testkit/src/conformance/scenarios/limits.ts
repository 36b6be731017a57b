import type { Feature } from "../../transcript/features.ts";
import type { Scenario } from "../scenario.ts";
import { exchange, numbered } from "./make.ts";

const facts = (number: number, name: string, features: readonly Feature[]) => ({
  id: numbered("LIM", number),
  name: `limits: ${name}`,
  features,
  section: "limits",
});

/** A call of `echo` with a value that every server accepts, although it is large. */
function echo(
  number: number,
  name: string,
  expression: unknown,
  ...details: readonly Feature[]
): Scenario {
  return exchange(
    facts(number, name, ["values", ...details]),
    [
      ["push", ["pipeline", 0, ["echo"], [expression]]],
      ["pull", 1],
    ],
    [["resolve", 1, expression]],
  );
}

const CALLS = 200;
const numbers = Array.from({ length: CALLS }, (_, i) => i + 1);

const nested = (depth: number): unknown => (depth === 0 ? 1 : [[nested(depth - 1)]]);

/** Large, but legal: values and calls that every implementation has to bear. */
export const limitScenarios: readonly Scenario[] = [
  // Over 65,535 bytes, so that frames have the longest form of a length.
  echo(1, "a text of 100,000 characters", "x".repeat(100_000)),
  echo(2, "a text of 20,000 characters of three bytes", "\u20ac".repeat(20_000)),
  echo(3, "lists nested 50 deep", nested(50)),
  echo(4, "a list of 10,000 numbers", [Array.from({ length: 10_000 }, (_, i) => i)]),
  echo(
    5,
    "an object of 2,000 keys",
    Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`key ${i}`, i])),
  ),
  echo(6, "a bigint of 300 digits", ["bigint", "7".repeat(300)], "bigints"),
  echo(7, "bytes that fill 64 KiB", ["bytes", "AQID".repeat(21_846)], "bytes"),
  exchange(
    facts(8, `${CALLS} calls before the first answer`, ["values"]),
    numbers.flatMap((n) => [
      ["push", ["pipeline", 0, ["add"], [n, n]]],
      ["pull", n],
    ]),
    numbers.map((n) => ["resolve", n, 2 * n]),
  ),
  exchange(
    facts(9, `a chain of ${CALLS} calls`, ["pipelining", "capabilities"]),
    [
      ["push", ["pipeline", 0, ["counter"], [1]]],
      ...numbers.map((n) => ["push", ["pipeline", n, ["self"], []]]),
      ["push", ["pipeline", CALLS + 1, ["increment"], [4]]],
      ["pull", CALLS + 2],
    ],
    [["resolve", CALLS + 2, 5]],
  ),
];
