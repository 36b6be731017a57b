import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import { socketSequence } from "../generate/socket-sequence.ts";
import { type Outcome, type Sequence, type Target, turn } from "../sequence.ts";
import { Application } from "./application.ts";
import { TYPES } from "./box.ts";
import { Ledger } from "./ledger.ts";
import { SMALL_LIMITS } from "./limits.ts";

let server: Server;
let ledger = new Ledger();
let variant: Sequence["variant"] = {};

const TOKEN = "the answer to the healthy call";
const HEALTHY = JSON.stringify(["stream", ["pipeline", 0, ["healthy"], [TOKEN]]]);

/** Milliseconds within which a server on the loopback answers, or closes the socket. */
const PATIENCE = 3_000;

/** Milliseconds within which a server that learned of the end releases everything. */
const SETTLING = 1_000;

/** A WebSocket server, whose client writes its frames by hand. */
export const wsTarget: Target = {
  name: "ws",

  async start() {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    // A session reads its options when it starts.
    const options = {
      types: TYPES,
      get limits() {
        return variant["limits"] ? SMALL_LIMITS : undefined;
      },
      get announce() {
        return variant["announce"] as boolean;
      },
      onError() {},
    };
    attachWebSocketRpc(server, () => new Application(ledger), options);
  },

  generate: socketSequence,

  async run(sequence: Sequence): Promise<Outcome> {
    ledger = new Ledger();
    variant = sequence.variant;
    const socket = await open();
    const heard = new Heard(socket);
    for (const step of sequence.steps) {
      if ("turns" in step) for (let i = 0; i < step.turns; i++) await turn();
      else if ("end" in step) socket.destroy();
      else if ("head" in step && socket.writable) {
        socket.write(encode(step.head, payloadOf(step), step.isBare));
      }
    }
    const survived = await answersHealthyCall(socket, heard);
    socket.destroy();
    // The end reaches the server only after the loopback has carried it.
    const end = Date.now() + SETTLING;
    ledger.letGo();
    while (!ledger.isSettled && Date.now() < end) await turn();
    for (let i = 0; i < 5; i++) await turn();
    ledger.close();
    return { faults: ledger.faults, survived };
  },
};

async function answersHealthyCall(socket: Socket, heard: Heard): Promise<boolean> {
  if (!socket.writable) return false;
  socket.write(encode(0x81, Buffer.from(HEALTHY)));
  const timer = setTimeout(() => heard.stop("nothing"), PATIENCE);
  const last = await heard.end;
  clearTimeout(timer);
  if (last === "nothing") ledger.fault("a socket that stays open doesn't answer");
  return last === "answer";
}

/** Opens a WebSocket without a library, which would enforce the rules. */
async function open(): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  socket.on("error", () => {});
  socket.write(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`,
  );
  const [head] = (await once(socket, "data")) as [Buffer];
  if (!head.toString("latin1").startsWith("HTTP/1.1 101")) {
    ledger.fault("an upgrade is refused", head.toString("latin1").split("\r\n")[0]);
  }
  return socket;
}

const KEY = Buffer.alloc(16).toString("base64");

/** The significant part of the server's output: the answer to the well-formed call, or the end. */
class Heard {
  readonly end: Promise<"answer" | "close" | "nothing">;
  stop!: (last: "answer" | "close" | "nothing") => void;
  #tail = "";

  constructor(socket: Socket) {
    this.end = new Promise((resolve) => {
      this.stop = resolve;
    });
    const frames = new ServerFrames();
    socket.on("data", (chunk: Buffer) => {
      if (frames.sawClose(chunk)) this.stop("close");
      const text = this.#tail + chunk.toString("latin1");
      // Servers don't mask their frames.
      if (text.includes(`,"${TOKEN}"]`)) this.stop("answer");
      this.#tail = text.slice(-TOKEN.length - 10);
    });
    socket.on("close", () => this.stop("close"));
    socket.on("end", () => this.stop("close"));
  }
}

/** Finds the closing frame among a server's frames, which aren't masked. */
class ServerFrames {
  #rest: Buffer = Buffer.alloc(0);
  #skip = 0;

  sawClose(chunk: Buffer): boolean {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const skipped = Math.min(this.#skip, bytes.length);
      this.#skip -= skipped;
      bytes = bytes.subarray(skipped);
      if (bytes.length < 2) break;
      if ((bytes[0]! & 0x0f) === 8) return true;
      const short = bytes[1]!;
      const extra = short < 126 ? 0 : short === 126 ? 2 : 8;
      if (bytes.length < 2 + extra) break;
      const long =
        extra === 2 ? bytes.readUInt16BE(2) : extra === 8 ? bytes.readUInt32BE(6) : short;
      bytes = bytes.subarray(2 + extra);
      this.#skip = long;
    }
    this.#rest = bytes;
    return false;
  }
}

function payloadOf(step: { readonly payload?: string; readonly text?: string }): Buffer {
  return step.text === undefined ? Buffer.from(step.payload!, "base64") : Buffer.from(step.text);
}

/** A frame, masked with zeros unless it is bare. */
function encode(head: number, payload: Buffer, isBare = false): Buffer {
  const mask = isBare ? 0 : 0x80;
  const size = payload.length;
  const extra = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + extra + (isBare ? 0 : 4) + size);
  frame[0] = head;
  frame[1] = mask | (extra === 0 ? size : extra === 2 ? 126 : 127);
  if (extra === 2) frame.writeUInt16BE(size, 2);
  if (extra === 8) frame.writeBigUInt64BE(BigInt(size), 2);
  payload.copy(frame, frame.length - size);
  return frame;
}
