import { changeAll, changeTagged } from "../changes.ts";
import { replacing, settling } from "../common.ts";
import { forbidden, type Mutant } from "../mutant.ts";

const server = forbidden("server");
const client = forbidden("client");

const datesAsText = changeTagged("date", ([, time]) => new Date(time ?? 0).toISOString());
const nullForUndefined = changeTagged("undefined", () => null);

/** Peers that break the rules of values. */
export const values: readonly Mutant[] = [
  server(
    "gives null for the undefined that a method gives",
    ["capabilities"],
    /expected \["resolve",\d+,\["undefined"\]\], got \["resolve",\d+,null\]/,
    settling(nullForUndefined),
  ),
  server(
    "sends dates as text",
    ["values", "dates"],
    /got \["resolve",1,"19(69|70)/,
    settling(datesAsText),
  ),
  server(
    "sends big integers as numbers",
    ["values", "bigints"],
    /expected \["resolve",1,\["bigint"/,
    settling(changeTagged("bigint", ([, digits]) => Number(digits))),
  ),
  server(
    "doesn't wrap lists",
    ["values"],
    /expected \["resolve",1,\[\[/,
    settling((tree) =>
      changeAll(tree, (each) =>
        Array.isArray(each) && each.length === 1 && Array.isArray(each[0]) ? each[0] : each,
      ),
    ),
  ),
  client(
    "sends dates as text",
    ["values"],
    /expected \["push",.*\["date"/,
    replacing(datesAsText),
    { only: ["value-date*"] },
  ),
  client(
    "sends null for undefined",
    ["values"],
    /expected \["push",.*\["undefined"\]/,
    replacing(nullForUndefined),
    { only: ["value-undefined*"] },
  ),
];
