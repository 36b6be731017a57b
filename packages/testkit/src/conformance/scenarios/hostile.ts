import { ConformanceError } from "../errors.ts";
import type { Performer, Scenario } from "../scenario.ts";
import { forServers, numbered } from "./make.ts";

/**
 * Sends a message that no server need accept, and a call. The server may refuse the message or end
 * the session, but has to react, and to go on serving others.
 */
const sends =
  (text: string): Performer =>
  async ({ inbox, timeout, say }) => {
    const id = text.startsWith('["push"') ? 2 : 1;
    say(text, ["push", ["pipeline", 0, ["add"], [1, 2]]], ["pull", id]);
    const [answer, abort] = [["resolve", id], ["abort"]];
    const isOver = () =>
      inbox.isClosed || inbox.peek(answer) !== undefined || inbox.peek(abort) !== undefined;
    if (!(await inbox.wait(isOver, timeout))) {
      throw new ConformanceError(
        `expected an answer, or the end of the session; nothing came for ${timeout} ms`,
      );
    }
    inbox.takeAll();
  };

const echo = (expression: string) => `["push",["pipeline",0,["echo"],[${expression}]]]`;

const hostile = (number: number, name: string, text: string): Scenario => ({
  ...forServers(
    {
      id: numbered("HOS", number),
      name: `hostile: ${name}`,
      features: ["malformed"],
      section: "limits",
    },
    sends(text),
  ),
  survives: true,
});

/** Messages that crash or occupy a server that doesn't bound their cost. `attack` has more. */
export const hostileScenarios: readonly Scenario[] = [
  hostile(1, "lists nested 100,000 deep", echo("[".repeat(100_000) + "]".repeat(100_000))),
  hostile(2, "objects nested 50,000 deep", echo(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`)),
  hostile(3, "a bigint of 200,000 digits", echo(`["bigint","${"9".repeat(200_000)}"]`)),
  hostile(4, "a path of 20,000 names", `["push",["pipeline",0,[${'"a",'.repeat(20_000)}"a"],[]]]`),
  hostile(5, "a main object released a quadrillion times", '["release",0,1000000000000000]'),
  hostile(6, "a pull of an id that will never be", '["pull",9007199254740992]'),
  hostile(
    7,
    "plain JSON nested 100,000 deep",
    echo(`["json",${"[".repeat(100_000)}${"]".repeat(100_000)}]`),
  ),
  hostile(
    8,
    "tables within tables nested 20,000 deep",
    echo(`${'["table",{"a":'.repeat(20_000)}[[1]]${"}]".repeat(20_000)}`),
  ),
  hostile(
    9,
    "tables within tables that repeat 1,000 records 200 times",
    echo(`${'["table",{"a":'.repeat(200)}[[${"1,".repeat(999)}1]]${"}]".repeat(200)}`),
  ),
];
