import { need, OURS_AND_REFERENCE, type TimedCase } from "./case.ts";

// The other contestants lack these: they would have to wait for each result.
export const pipelining: readonly TimedCase[] = [
  {
    kind: "timed",
    name: "a chain of ten",
    about:
      "Nine objects, each a result of a call on the previous one, and a last call; one round trip.",
    link: "WebSocket",
    pairs: OURS_AND_REFERENCE,
    unit: "chain",
    units: 1,
    run: ({ client }) => need(client, "chain")(10),
    expected: 10,
  },
  {
    kind: "timed",
    name: "map over 1,000",
    about: "A call for each of 1,000 elements of a list on the server; one round trip.",
    link: "WebSocket",
    pairs: OURS_AND_REFERENCE,
    unit: "element",
    units: 1000,
    run: ({ client }) => need(client, "mapList")(1000),
    expected: Array.from({ length: 1000 }, (_, i) => i),
  },
];
