import { OUTLIVING } from "./outliving.ts";
import type { Setting } from "./setting.ts";
import { LIMITS, OPTIONS } from "./settings.ts";

/** The figures of a message: milliseconds, bytes of memory, and UTF-16 code units. */
export interface MessageFigures {
  readonly ms: number;
  readonly bytes: number;
  readonly length: number;
}

/** All measured figures. */
export interface Figures {
  readonly node: string;
  readonly values: Readonly<Record<string, MessageFigures>>;
  readonly work: Readonly<Record<string, MessageFigures>>;
  readonly results: Readonly<Record<string, number>>;
  /** In bytes, except for `turnBudget`, which is in milliseconds. */
  readonly others: Readonly<Record<string, number>>;
}

const megabytes = (bytes: number) =>
  bytes < 1e7 ? (bytes / 1e6).toFixed(1) : `${Math.round(bytes / 1e6)}`;

function worst<T>(all: Readonly<Record<string, T>>, of: (each: T) => number): [string, number] {
  const [first, ...others] = Object.entries(all).map(([name, each]) => [name, of(each)] as const);
  return [...others.reduce((most, each) => (each[1] > most[1] ? each : most), first!)];
}

function gains({ values, work, results, others }: Figures): Record<string, string> {
  const [slow, ms] = worst(values, (each) => each.ms);
  const [large, bytes] = worst(values, (each) => each.bytes);
  const [slowWork, workMs] = worst(work, (each) => each.ms);
  const [largeWork, workBytes] = worst(work, (each) => each.bytes);
  const [held, heldBytes] = worst(results, (each) => each);
  const { turnBudget, ...memory } = others;
  return {
    ...Object.fromEntries(Object.entries(memory).map(([name, each]) => [name, megabytes(each)])),
    turnBudget: `${Math.round(turnBudget!)}`,
    "values.worst": `${Math.round(ms)}`,
    "values.worstKind": slow,
    "values.memory": megabytes(bytes),
    "values.memoryKind": large,
    "work.worst": `${Math.round(workMs)}`,
    "work.worstKind": slowWork,
    "work.memory": megabytes(workBytes),
    "work.memoryKind": largeWork,
    "bigint.ms": `${Math.round(values["bigints of 16,384 digits"]!.ms)}`,
    maxHeldBytes: megabytes(heldBytes),
    maxHeldBytesKind: held,
  };
}

/** The defaults of settings. Options have none in the profile `"trusted"`. */
function defaultRows(settings: readonly Setting[]): string {
  return settings
    .map(({ name, defaults, counted }) => {
      const shown = defaults.filter((each) => each !== "");
      return `| \`${name}\` | ${shown.join(" | ")} | ${counted} |`;
    })
    .join("\n");
}

function limitRows(settings: readonly Setting[], figures: Record<string, string>): string {
  return settings
    .filter(({ atLimit, gain }) => atLimit !== "–" || gain !== "–")
    .map(({ name, atLimit, gain }) => `| \`${name}\` | ${atLimit} | ${filled(gain, figures)} |`)
    .join("\n");
}

function filled(gain: string, figures: Record<string, string>): string {
  return gain.replace(/\{(.*?)\}/g, (_, key: string) => {
    const figure = figures[key];
    if (figure === undefined) throw new Error(`There is no figure ${key}.`);
    return figure;
  });
}

function messageRows(all: Readonly<Record<string, MessageFigures>>): string {
  return Object.entries(all)
    .map(
      ([name, { ms, bytes, length }]) =>
        `| ${name} | ${length.toLocaleString("en-US")} | ${Math.round(ms)} | ${megabytes(Math.max(bytes, 0))} |`,
    )
    .join("\n");
}

/** The text of docs/limits.md. */
export function page(figures: Figures): string {
  const all = gains(figures);
  return `# Limits

This page lists all settings that operators have, with their defaults and the gain of an attacker
who stays below each. Settings have the same names on every transport.
\`npm run limits -- --write\` measures the gains and writes this page. A test compares names and
defaults with the code.

\`limits\` is an option of every function that starts a session. It takes a profile
(\`"server"\`, \`"client"\`, \`"trusted"\`), or an object with the limits that differ from the
profile in force. Functions for servers start from \`"server"\`, all others from \`"client"\`.
\`@capnweb/compat\` starts from \`"client"\` everywhere, as \`capnweb\` does. \`Infinity\` turns a
limit off.

A \`LimitError\` has the code \`"LIMIT"\`, and its \`limit\` is the name of the limit or option. Most
limits end the session: the peer is told why, its calls fail, and everything held for it is
disposed of. Other sessions go on. An HTTP batch ends with 413 or 503 instead. Some limits only
fail a call or refuse a request. \`onLimit\` receives the error first.

## Defaults

| limit | server | client | \`"trusted"\` | counted |
|---|---|---|---|---|
${defaultRows(LIMITS)}

The options \`resume.…\` are those of \`resume\` of an \`RpcHost\` and of \`connect()\`.
\`ResumeAcceptor\` and \`ResumingTransport\` have them without \`resume\`.

| option | server | client | counted |
|---|---|---|---|
${defaultRows([...OPTIONS, ...OUTLIVING])}

## At the limit, and below

**Gain** is the gain of an attacker who stays just below a setting. The figures describe one
session with the limits of \`"server"\`, on Node ${figures.node} and a machine whose two cores were
also busy with other work. MB are 1,000,000 bytes of heap and buffers.

| limit | at the limit | gain |
|---|---|---|
${limitRows(LIMITS, all)}

| option | at the limit | gain |
|---|---|---|
${limitRows([...OPTIONS, ...OUTLIVING], all)}

[WebTransport](webtransport.md#limits-of-a-server) lists bounds below RPC that have no setting. The
[WebSocket package](../packages/transport-ws/README.md#settings-of-servers) lists the bounds of
\`ws\`.

Some memory isn't counted as held:

- answers that wait for a slow peer (\`maxBufferedAmount\`)
- messages that are still arriving (\`maxPayload\`)
- results of the last 64 calls whose messages set off little work
- all data that the application keeps

Plan memory for \`maxProcessHeldBytes\`, and for \`maxBufferedAmount\` and \`maxPayload\` of each
session. If the sum is too large, lower \`maxSessions\`.

## One message

\`maxValues\` and \`maxWork\` count by weight. A value counts as one for each 16 bytes of memory, and
a step takes about 0.1 µs.

| value or step | weight |
|---|---|
| a scalar, or a member of an object | 1 |
| a \`Date\` | 8 |
| an \`Error\` | 72 |
| a \`Request\` | 512 |
| a call | 16 |
| a stub | 32 |
| an answer | 32 |
| an element of a \`map()\` | 16 |
| an instruction of a \`map()\`, for each element | 16 |
| long text, again in each answer | 1 for 32 code units |

The tables show the largest messages of each kind that a server accepts. The thread does nothing
else during this time.

| message of | code units | ms | MB while its result is held |
|---|---|---|---|
${messageRows(figures.values)}

| message that sets off | code units | ms | MB while its result is held |
|---|---|---|---|
${messageRows(figures.work)}

## One session

Memory of a session just below \`maxHeldBytes\`, by the kind of results that it holds.

| results | MB |
|---|---|
${Object.entries(figures.results)
  .map(([name, bytes]) => `| ${name} | ${megabytes(bytes)} |`)
  .join("\n")}
`;
}
