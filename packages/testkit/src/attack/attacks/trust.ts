import type { Attack } from "../attack.ts";
import type { Contract } from "../contract.ts";
import { call, pull, push } from "../messages.ts";
import { placeOf } from "../target.ts";

const EVIL = { origin: "http://evil.example", "sec-fetch-site": "cross-site" };

type Headers = Record<string, string>;

/** An attack by a page of another site that opens a session, as browsers allow. */
function socketFrom(number: string, title: string, headers: (host: string) => Headers): Attack {
  return {
    id: `ATK-H${number}`,
    title,
    over: "sockets",
    needs: ["network"],
    async run(attacker) {
      const session = await attacker.openSession({ headers: headers(attacker.place.host) });
      const answer = await session?.ask(call(0, ["echo"], '"ran"'));
      session?.terminate();
      return answer === undefined ? undefined : "the call was answered";
    },
  };
}

/** An attack by a page of another site that sends a batch with its visitor's cookies. */
function batchFrom(number: string, title: string, headers: (host: string) => Headers): Attack {
  return {
    id: `ATK-H${number}`,
    title,
    over: "sockets",
    needs: ["http"],
    async run(attacker) {
      const { host } = placeOf(attacker.target.http!);
      const body = `${push(call(0, ["echo"], '"ran"'))}\n${pull(1)}`;
      const answer = await attacker.post(body, { headers: headers(host) });
      return answer !== undefined && /^\["(?:resolve|reject)",1,/m.test(answer.body)
        ? `the call was answered, with status ${answer.status}`
        : undefined;
    },
  };
}

/** An attack by a question whose answer mustn't contain certain text. */
function answer(
  number: string,
  title: string,
  needs: Attack["needs"],
  ask: (contract: Contract) => string,
  wrong: RegExp,
  finding: string,
): Attack {
  return {
    id: `ATK-H${number}`,
    title,
    over: "sockets",
    needs: ["session", ...(needs ?? [])],
    async run(attacker) {
      const session = await attacker.openSession();
      const answered = session?.ask(ask(attacker.contract));
      const message = await Promise.race([answered, attacker.wait(1_000)]);
      session?.terminate();
      return typeof message === "string" && wrong.test(message) ? finding : undefined;
    },
  };
}

/** H: defaults that give a page of another site, or a curious peer, more than they should. */
export const TRUST: readonly Attack[] = [
  socketFrom("01", "A page of another site opens a session.", () => EVIL),
  socketFrom("02", "The same by a browser that sends no Sec-Fetch-Site.", () => ({
    origin: EVIL.origin,
  })),
  socketFrom("03", "A page without an origin, as in a sandboxed frame, opens a session.", () => ({
    origin: "null",
  })),
  socketFrom("04", "A session's origin starts as the server's host does.", (host) => ({
    origin: `http://${host}.evil.example`,
  })),
  socketFrom("05", "A session's origin ends as the server's host does.", (host) => ({
    origin: `http://evil-${host}`,
  })),
  batchFrom("06", "A page of another site sends a batch.", () => ({
    ...EVIL,
    "content-type": "text/plain",
    cookie: "session=1",
  })),
  batchFrom("07", "The same by a browser that sends no Sec-Fetch-Site.", () => ({
    origin: EVIL.origin,
    "content-type": "text/plain",
  })),
  batchFrom("08", "A page without an origin sends a batch.", () => ({ origin: "null" })),
  batchFrom("09", "A batch's origin starts as the server's host does.", (host) => ({
    origin: `http://${host}.evil.example`,
  })),
  batchFrom("10", "A batch's origin ends as the server's host does.", (host) => ({
    origin: `http://evil-${host}`,
  })),
  answer(
    "11",
    "An error's own properties, such as credentials, reach the peer.",
    ["odd"],
    ({ odd }) => odd('"secret"'),
    /attack-secret/,
    "the error's own properties were sent",
  ),
  answer(
    "12",
    "An error's stack reaches the peer.",
    [],
    () => call(0, ["echo", "missing", "missing"]),
    /\\n {4}at /,
    "the error's stack was sent",
  ),
  answer(
    "13",
    "A path leads through constructor to Function.",
    [],
    () => call(0, ["constructor", "constructor"], '"return 42"'),
    /^\["resolve"/,
    "the constructor was called",
  ),
  answer(
    "14",
    "A path leads through __proto__ to what all objects inherit.",
    [],
    () => call(0, ["__proto__", "__proto__", "hasOwnProperty"], '"x"'),
    /^\["resolve",\d+,(?:true|false)/,
    "an inherited method was called",
  ),
  {
    id: "ATK-H15",
    title: "The server awaits an object whose then is a stub of the attacker's.",
    over: "sockets",
    needs: ["session", "later"],
    async run(attacker) {
      const session = await attacker.openSession();
      if (session === undefined) return undefined;
      const called = session.message((message) => /^\["(?:push|stream)",.*-7/.test(message));
      await session.send(push(attacker.contract.later('{"then":["export",-7]}')));
      await session.send(pull(1));
      const message = await Promise.race([called, attacker.wait(700)]);
      session.terminate();
      return message === undefined ? undefined : "the server called then";
    },
  },
];
