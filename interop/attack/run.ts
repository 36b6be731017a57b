// Attacks our own server over WebSockets and batches, WebTransport, and MessagePorts, one after the
// other, with half a gigabyte of heap. Arguments go to the attack suite; `--medium` selects one:
//
//   npm run attack -- --medium ws --only A,B --seconds 10
import { fileURLToPath } from "node:url";
import { runCommand } from "../../packages/testkit/src/cli/run-command.ts";
import { freePort } from "../../scripts/free-port.mjs";

/** Attacks that consist only of messages, which are the same over WebSockets. */
const SAME_AS_OVER_WEBSOCKETS = [
  ...["A14", "A15", "A16", "A17", "A18", "A19", "A20", "A21", "A22", "A23"],
  ...["B03", "B04", "B05", "B06", "B07", "B09", "B10", "B11"],
  ...["E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E10", "E11"],
  ...["G02", "G03", "G04", "G05", "G06", "G07", "G08", "G09", "G10", "G11", "G12"],
].join(",");

/** The arguments of the attack suite for each medium. Times are in seconds. */
const MEDIA: Readonly<Record<string, () => Promise<string[]>>> = {
  ws: async () => {
    const port = await freePort();
    return [
      `ws://127.0.0.1:${port}/rpc`,
      ...["--start", starting("server.ts", port)],
      ...["--memory-url", `http://127.0.0.1:${port}/memory`],
      ...["--seconds", "2", "--total", "200"],
    ];
  },
  webtransport: async () => {
    const [port, memoryPort] = [await freePort(), await freePort()];
    return [
      `https://127.0.0.1:${port}/rpc`,
      ...["--start", starting("webtransport-server.ts", port, memoryPort)],
      ...["--memory-url", `http://127.0.0.1:${memoryPort}/`],
      ...["--exclude", SAME_AS_OVER_WEBSOCKETS],
      ...["--seconds", "1", "--total", "110"],
    ];
  },
  port: async () => [
    new URL("port-server.ts", import.meta.url).href,
    ...["--seconds", "1", "--total", "110"],
  ],
};

/**
 * Milliseconds that a call of the victim may take: half a second, or twice the time that this
 * machine takes now to parse the largest message of the costliest shape. No server can interrupt
 * that.
 */
function slowest(): number {
  const HALF_A_SECOND = 500;
  const names = Array.from({ length: 300_000 }, (_, i) => `"k${i}":0`);
  const text = `{${names.join(",")}}`;
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    JSON.parse(text);
    return performance.now() - start;
  });
  return Math.max(HALF_A_SECOND, Math.round(2 * times.sort((a, b) => a - b)[1]!));
}

const args = process.argv.slice(2);
const at = args.indexOf("--medium");
const media = at < 0 ? Object.keys(MEDIA) : args.splice(at, 2).slice(1);
for (const medium of media) {
  const attack = MEDIA[medium];
  if (attack === undefined)
    throw new Error(`No medium ${medium}: ${Object.keys(MEDIA).join(", ")}`);
  console.log(`== ${medium}`);
  const most = slowest();
  console.log(`a call of the victim may take ${most} ms`);
  const settings = [...(await attack()), "--slowest", String(most)];
  const code = await runCommand(["attack", ...settings, ...args]);
  process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
}

/** A command that starts a server of this folder. */
function starting(name: string, ...ports: number[]): string {
  const program = fileURLToPath(new URL(name, import.meta.url));
  const flags = "--max-old-space-size=512 --expose-gc --import tsx";
  return `"${process.execPath}" ${flags} "${program}" ${ports.join(" ")}`;
}
