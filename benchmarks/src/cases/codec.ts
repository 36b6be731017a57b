import type { Client } from "../contestants/contestant.ts";
import { need, type TimedCase } from "./case.ts";
import { documentWithDates } from "./values.ts";

const TIMES = 20;

// `raw` is JSON.stringify and JSON.parse, which lose the dates.
export const codec: readonly TimedCase[] = [
  {
    kind: "timed",
    name: "serialize",
    about: "An object of 2 KB with nine dates is converted to text.",
    link: "none",
    pairs: ["ours", "reference", "raw"],
    unit: "object",
    units: TIMES,
    run({ client }) {
      const serialize = need(client, "serialize");
      let length = 0;
      for (let i = 0; i < TIMES; i++) length += serialize(documentWithDates).length;
      return length > 0;
    },
    expected: true,
  },
  {
    kind: "timed",
    name: "deserialize",
    about: "The text is converted back to an object.",
    link: "none",
    pairs: ["ours", "reference", "raw"],
    unit: "object",
    units: TIMES,
    run({ client }) {
      const text = textOf(client);
      const deserialize = need(client, "deserialize");
      let value: any;
      for (let i = 0; i < TIMES; i++) value = deserialize(text);
      return value.comments.length;
    },
    expected: 8,
  },
];

const texts = new WeakMap<Client, string>();

function textOf(client: Client): string {
  let text = texts.get(client);
  if (text === undefined) {
    text = need(client, "serialize")(documentWithDates);
    texts.set(client, text);
  }
  return text;
}
