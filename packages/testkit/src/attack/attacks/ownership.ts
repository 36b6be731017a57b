import type { Attack } from "../attack.ts";
import type { Attacker } from "../attacker/attacker.ts";
import { call, push, range, stream } from "../messages.ts";

const STUBS = 100;

/** Milliseconds that the server has to release the stubs. */
const TIME_TO_RELEASE = 1_000;

/** An attack that gives the server 100 stubs in places where it drops them. */
function dropped(
  number: string,
  title: string,
  messages: (stub: (i: number) => string) => readonly string[],
): Attack {
  return {
    id: `ATK-G${number}`,
    title,
    over: "sockets",
    needs: ["session"],
    run: (attacker) =>
      untilReleased(
        attacker,
        messages((i) => `["export",${-i}]`),
      ),
  };
}

async function untilReleased(
  attacker: Attacker,
  messages: readonly string[],
): Promise<string | undefined> {
  const session = await attacker.openSession();
  if (session === undefined) return undefined;
  const held = new Set(range(1, STUBS, (i) => String(-i)));
  const released = new Promise<void>((resolve) => {
    session.listen((message) => {
      const id = /^\["release",(-\d+),/.exec(message)?.[1];
      if (id !== undefined && held.delete(id) && held.size === 0) resolve();
    });
  });
  for (const message of messages) await session.send(message);
  const answer = await session.ask("0");
  await Promise.race([released, session.closed, attacker.wait(TIME_TO_RELEASE)]);
  // The end of a session releases everything.
  if (answer === undefined || held.size === 0 || !session.isOpen) return undefined;
  return `${held.size} of ${STUBS} stubs are never released`;
}

const PIPE = '["pipe"]';
const write = (chunk: string) => stream(call(1, ["write"], chunk));

/** G: stubs in places that no code reads, which the server might keep as long as the session. */
export const OWNERSHIP: readonly Attack[] = [
  dropped("01", "Stubs in chunks of a pipe that is aborted.", (stub) => [
    PIPE,
    ...range(1, STUBS, (i) => write(stub(i))),
    stream(call(1, ["abort"], '["error","Error","m"]')),
  ]),
  dropped("02", "Stubs in chunks that come after a pipe's end.", (stub) => [
    PIPE,
    stream(call(1, ["close"])),
    ...range(1, STUBS, (i) => write(stub(i))),
  ]),
  dropped("03", "Stubs in chunks that are written after a pipe was aborted.", (stub) => [
    PIPE,
    stream(call(1, ["abort"], '["error","Error","m"]')),
    ...range(1, STUBS, (i) => write(stub(i))),
  ]),
  dropped("04", "Stubs in the chunks of a Blob, which takes only bytes.", (stub) => [
    PIPE,
    push('["blob","",["readable",1]]'),
    ...range(1, STUBS, (i) => write(stub(i))),
    stream(call(1, ["close"])),
    '["release",2,1]',
    '["release",1,1]',
  ]),
  dropped("05", "Stubs in a pipe that is released before it was read.", (stub) => [
    PIPE,
    ...range(1, STUBS, (i) => write(stub(i))),
    '["release",1,1]',
  ]),
  dropped("06", "Stubs as arguments of a pipe's methods that there aren't.", (stub) => [
    PIPE,
    ...range(1, STUBS, (i) => stream(call(1, ["missing"], stub(i)))),
  ]),
  dropped("07", "Stubs as arguments of methods that there aren't.", (stub) =>
    range(1, STUBS, (i) => stream(call(0, ["missing"], stub(i)))),
  ),
  dropped("08", "Stubs in resolutions of ids that there aren't.", (stub) =>
    range(1, STUBS, (i) => `["resolve",${-i - 1_000},${stub(i)}]`),
  ),
  dropped("09", "Stubs in keys that are dropped.", (stub) =>
    range(1, STUBS, (i) => stream(`{"__proto__":${stub(i)},"toJSON":1}`)),
  ),
  dropped("10", "Stubs in results that are released at once.", (stub) =>
    range(1, STUBS, (i) => `${push(`{"a":${stub(i)}}`)}\n["release",${i},1]`).flatMap((text) =>
      text.split("\n"),
    ),
  ),
  dropped("11", "Stubs as arguments of calls on results that fail.", (stub) => [
    push(call(0, ["missing"])),
    ...range(1, STUBS, (i) => stream(call(1, ["x"], stub(i)))),
  ]),
  dropped("12", "Stubs beside a promise that is rejected.", (stub) => [
    ...range(1, STUBS, (i) => stream(call(0, ["echo"], stub(i), `["promise",${-i - STUBS}]`))),
    ...range(1, STUBS, (i) => `["reject",${-i - STUBS},["error","Error","m"]]`),
  ]),
  dropped("13", "Stubs in columns of tables that are dropped.", (stub) => [
    push(`["table",{"toString":[[${range(1, STUBS - 1, stub)}]]}]`),
    push(`["table",{"a":[[1,2]],"__proto__":[[[],${stub(STUBS)}]]}]`),
  ]),
  dropped("14", "Stubs in tables that are dropped, as they are columns of a table.", (stub) => [
    push(`["table",{"toString":["table",{"a":[[${range(1, STUBS - 1, stub)}]]}]}]`),
    push(`["table",{"a":[[1]],"toJSON":["table",{"a":[[${stub(STUBS)}]]}]}]`),
  ]),
];
