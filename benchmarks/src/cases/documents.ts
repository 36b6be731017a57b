import { everybody } from "./calls.ts";
import type { TimedCase } from "./case.ts";
import { order } from "./order.ts";
import { records } from "./records.ts";

const list = records(400);

// 200 lists at once would be 5 MB in each direction, and measure the buffers of sockets.
export const documents: readonly TimedCase[] = [
  ...echoes("an order", "an order of 1.4 KB: nested objects, lists, text and numbers", order, 200),
  ...echoes("400 records", "a list of 400 flat records, 26 KB", list, 20),
];

/** Two cases that send a document and get it back: one call at a time, and several at once. */
function echoes(name: string, about: string, value: object, atOnce: number): TimedCase[] {
  return [
    {
      kind: "timed",
      name: `${name}, one at a time`,
      about: `Each call sends ${about}, and gets it back before the next call.`,
      link: "WebSocket",
      pairs: everybody,
      unit: "call",
      units: 10,
      warmUps: 3,
      async run({ client }) {
        let last: unknown;
        for (let i = 0; i < 10; i++) last = await client.echo(value);
        return last;
      },
      expected: value,
    },
    {
      kind: "timed",
      name: `${name}, ${atOnce} in flight`,
      about: `${atOnce} calls at once; each sends ${about}, and gets it back.`,
      link: "WebSocket",
      pairs: everybody,
      unit: "call",
      units: atOnce,
      warmUps: 2,
      run: ({ client }) => Promise.all(Array.from({ length: atOnce }, () => client.echo(value))),
      expected: Array(atOnce).fill(value),
    },
  ];
}
