import { isIntroduction, isSettlement } from "../changes.ts";
import { afterFirst, once, receiving, sending, swapping, withholding } from "../common.ts";
import { forbidden, type Mutant } from "../mutant.ts";

const server = forbidden("server");
const client = forbidden("client");

/** Peers that break the rules of calls and answers. */
export const answers: readonly Mutant[] = [
  server(
    "says junk 60 ms after an answer",
    ["values"],
    /"junk"/,
    afterFirst(isSettlement, 60, () => "junk"),
  ),
  server(
    "settles a call a second time, 60 ms later",
    ["values"],
    /nobody expected \["resolve",1/,
    afterFirst(isSettlement, 60, (answer) => answer),
  ),
  server(
    "settles a call a second time at once",
    ["values"],
    /nobody expected \["resolve",1/,
    () => ({
      send: (message) => (isSettlement(message) ? [message, message] : [message]),
    }),
  ),
  server(
    "makes a call that no scenario asks for, 60 ms after an answer",
    ["values"],
    /nobody expected \["push"/,
    afterFirst(isSettlement, 60, () => ["push", ["pipeline", 0, ["unasked"], []]]),
  ),
  server("ends the session 60 ms after an answer", ["values"], /the connection ended/, (link) => ({
    send(message) {
      if (isSettlement(message)) link.later(60, () => link.close());
      return [message];
    },
  })),
  server(
    "answers no call any more after the second",
    ["values"],
    /for a call after the scenario; nothing came/,
    () => {
      let answered = 0;
      return { send: (message) => (isSettlement(message) && ++answered > 1 ? [] : [message]) };
    },
    { only: ["pipeline-awaited*", "value-n*"] },
  ),
  server(
    "loses an answer",
    ["pipelining"],
    /expected \["resolve",\d+.*nothing came/,
    once((message) => (isSettlement(message) ? [] : undefined)),
    { only: ["pipeline-*"] },
  ),
  server(
    "answers under another id",
    ["values"],
    /nothing came/,
    sending((message) =>
      isSettlement(message) ? [[message[0], message[1] + 1, message[2]]] : [message],
    ),
    { only: ["value-n*"] },
  ),
  server(
    "answers calls that were not pulled",
    ["pipelining"],
    /nobody expected \["resolve"/,
    ({ hear }) => {
      let introduced = 0;
      return {
        receive(message) {
          if (message[0] === "pull") return [];
          if (message[0] !== "push") return [message];
          const id = ++introduced;
          queueMicrotask(() => hear(["pull", id]));
          return [message];
        },
      };
    },
  ),
  server("never pulls what it needs", ["capabilities"], /expected \["pull"/, withholding("pull")),
  server(
    "loses calls over the hundredth that is under way",
    ["values"],
    /expected \["resolve",101/,
    receiving((message) => (message[0] === "pull" && message[1] > 100 ? [] : [message])),
    // A busy machine may need more than a second for the first hundred.
    { only: ["limits*calls*"], timeout: 10_000 },
  ),
  client(
    "never pulls what it awaits",
    ["values"],
    /expected \["pull",1\]; (nothing came|the connection ended)/,
    withholding("pull"),
    { only: ["value-true"] },
  ),
  client(
    "pulls a result twice",
    ["values"],
    /nobody expected \["pull",1\]/,
    sending((message) => (message[0] === "pull" ? [message, message] : [message])),
    { only: ["value-n*"] },
  ),
  client(
    "says junk 60 ms after a call",
    ["values"],
    /"junk"/,
    afterFirst(isIntroduction, 60, () => "junk"),
    { only: ["callback-*twice*"] },
  ),
  client(
    "makes its calls in another order",
    ["pipelining"],
    /expected \["push"/,
    swapping((message) => message[0] === "push"),
    { only: ["pipeline-three*", "pipeline-promises*"] },
  ),
  client(
    "makes a call twice",
    ["values"],
    /nobody expected \["push"|expected \["pull"/,
    once((message) => (message[0] === "push" ? [message, message] : undefined)),
    { only: ["value-n*"] },
  ),
  client(
    "never answers the server's calls",
    ["capabilities"],
    /expected \["resolve",1/,
    sending((message) => (isSettlement(message) ? [] : [message])),
    { only: ["callback-called-twice"] },
  ),
  client(
    "answers the server's calls twice",
    ["capabilities"],
    /nobody expected \["resolve",1/,
    sending((message) => (isSettlement(message) ? [message, message] : [message])),
    { only: ["callback-called-twice"] },
  ),
];
