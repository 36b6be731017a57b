import type { Attack } from "../attack.ts";
import type { Attacker } from "../attacker/attacker.ts";
import { call, nested, pull, push, range, stream, times } from "../messages.ts";
import { MALFORMED } from "./malformed.ts";
import { mutations } from "./mutations.ts";

const STUB = '["export",-1]';
const TOO_DEEP = nested(255, "[[", "", "]]");

/** A call whose result or error can't be sent, or throws when looked at. */
function odd(number: string, kind: string, title: string): Attack {
  return {
    id: `ATK-E${number}`,
    title,
    over: "session",
    needs: ["odd"],
    messages: (contract) => [
      push(contract.odd(`"${kind}"`, STUB)),
      pull(1),
      stream(contract.odd(`"${kind}"`, STUB)),
      push(contract.odd(`"${kind}"`)),
      push(call(3, ["x"], STUB)),
      pull(4),
    ],
  };
}

/** E: exceptions of application code that reach code without a handler. */
export const EXCEPTIONS: readonly Attack[] = [
  {
    id: "ATK-E01",
    title: "An asynchronous method that got a stub returns a value one level too deep.",
    over: "session",
    needs: ["wrap"],
    messages: ({ wrap }) => [push(wrap(TOO_DEEP, STUB)), push(wrap(TOO_DEEP, STUB)), pull(2)],
  },
  {
    id: "ATK-E02",
    title: "A synchronous method that got a stub returns a value as deep as possible.",
    over: "session",
    needs: ["echo"],
    messages: ({ echo }) => [push(echo(TOO_DEEP, STUB)), pull(1), stream(echo(TOO_DEEP, STUB))],
  },
  odd("03", "getter", "A result's getter throws."),
  odd("04", "cycle", "A result contains itself."),
  odd("05", "proxy", "A result is a proxy whose traps throw."),
  odd("06", "then", "A result has a getter named then that throws."),
  odd("07", "error", "An error's name and message throw."),
  odd("08", "symbol", "A result can't be sent."),
  {
    id: "ATK-E09",
    title: "Connections are reset while asynchronous calls are under way.",
    over: "sockets",
    needs: ["session", "later"],
    async run(attacker) {
      const { contract, signal } = attacker;
      for (let i = 0; i < 200 && !signal.aborted; i++) {
        const session = await attacker.openSession();
        if (session === undefined) break;
        await session.send(push(contract.later(STUB)));
        await session.send(pull(1));
        session.terminate();
      }
      return undefined;
    },
  },
  {
    id: "ATK-E10",
    title: "Promises that results wait for are rejected, and the results never pulled.",
    over: "session",
    messages: () => [
      ...range(1, 200, (i) => push(`["promise",${-i}]`)),
      ...range(1, 200, (i) => push(call(i, ["x"], `["promise",${-i - 200}]`))),
      ...range(1, 200, (i) => push(`{"a":${JSON.stringify(["pipeline", i])},"b":["import",${i}]}`)),
      ...range(1, 400, (i) => `["reject",${-i},["error","TypeError","m",null,{"then":1}]]`),
    ],
  },
  {
    id: "ATK-E11",
    title: "Results are released while they are on their way, and again.",
    over: "sockets",
    needs: ["session"],
    run: (attacker) =>
      eachInSession(attacker, [
        [push('["promise",-1]'), '["release",1,1]', '["resolve",-1,1]', '["resolve",-1,2]'],
        [push('["promise",-1]'), pull(1), '["release",1,1]', '["reject",-1,["error","E","m"]]'],
        [push("0"), pull(1), pull(1), '["release",1,1]', '["release",1,1]'],
        [stream("0"), pull(1), '["release",1,1]'],
      ]),
  },
  {
    id: "ATK-E12",
    title: "Sessions abort with reasons of every kind.",
    over: "sockets",
    needs: ["session"],
    run: (attacker) =>
      eachInSession(
        attacker,
        [
          "0",
          "null",
          STUB,
          '["promise",-1]',
          '["import",0]',
          '["pipeline",0,["echo"],[1]]',
          '["error","__proto__","m",null,{"name":1,"message":["promise",-1],"then":1}]',
          '["error","AggregateError","m",null,{"errors":0}]',
          TOO_DEEP,
        ].map((reason) => [push('["promise",-1]'), pull(1), `["abort",${reason}]`]),
      ),
  },
  {
    id: "ATK-E13",
    title: "Pipes are written after their end, ended twice, and aborted with odd reasons.",
    over: "sockets",
    needs: ["session"],
    run: (attacker) => {
      const write = stream(call(1, ["write"], "1"));
      const close = stream(call(1, ["close"]));
      const abort = stream(call(1, ["abort"], '["error","E","m",null,{"then":1}]'));
      const read = push(call(0, ["echo"], '["readable",1]'));
      const orders = [
        [close, write],
        [close, close],
        [abort, write],
        [abort, abort],
        [write, abort, close],
        [write, read, abort],
        [read, read],
      ];
      return eachInSession(
        attacker,
        orders.map((order) => ['["pipe"]', ...order]),
      );
    },
  },
  {
    id: "ATK-E14",
    title: "Malformed messages of every sort, each in a session of its own.",
    over: "sockets",
    needs: ["session"],
    run: (attacker) =>
      eachInSession(
        attacker,
        MALFORMED.map((text) => [push('["promise",-1]'), pull(1), text]),
      ),
  },
  {
    id: "ATK-E15",
    title: "Sensible sequences with random changes, also inside resolutions.",
    over: "sockets",
    needs: ["session"],
    run: (attacker) => eachInSession(attacker, mutations(20_001, 300)),
  },
  {
    id: "ATK-E16",
    title: "Malformed messages of every sort, each in an HTTP batch of its own.",
    over: "sockets",
    needs: ["http"],
    async run(attacker) {
      for (const text of [...MALFORMED, "\n", "\r\n\r\n", times(1_000, "\n", "")]) {
        if (attacker.signal.aborted) break;
        // A batch may wait for a promise, so the attack doesn't wait long for a batch.
        const answer = attacker.post(`${push("0")}\n${text}\n${pull(1)}`);
        await Promise.race([answer, attacker.wait(100)]);
      }
      return undefined;
    },
  },
];

/** Sends each sequence in a session of its own, several sessions at a time. */
async function eachInSession(
  attacker: Attacker,
  sequences: Iterable<readonly string[]>,
): Promise<undefined> {
  const queue = sequences[Symbol.iterator]();
  const worker = async () => {
    for (let next = queue.next(); !next.done && !attacker.signal.aborted; next = queue.next()) {
      const session = await attacker.openSession();
      if (session === undefined) return;
      for (const message of next.value) await session.send(message);
      await Promise.race([session.ask("0"), attacker.wait(300)]);
      session.terminate();
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return undefined;
}
