import type { Random } from "../random.ts";
import type { Sequence, Step } from "../sequence.ts";
import { announcement } from "./announcement.ts";
import { textSteps } from "./batch-sequence.ts";

const FIN = 0x80;
const [CONTINUATION, TEXT, BINARY, CLOSE, PING] = [0, 1, 2, 8, 9];

/** The frames of a WebSocket: messages in one frame or several, mixed with frames of all kinds. */
export function socketSequence(random: Random, mild: boolean): Sequence {
  const steps: Step[] = [];
  if (random.chance(0.5)) steps.push(frame(FIN | TEXT, JSON.stringify(announcement(random))));
  for (const step of textSteps(random, mild, 30)) {
    const text = (step as { message: string }).message;
    const choice = random.next();
    if (choice < 0.75) steps.push(frame(FIN | TEXT, text));
    else if (choice < 0.9) steps.push(...fragments(random, text));
    else if (choice < 0.93) steps.push(frame(FIN | PING, "ping"), frame(FIN | TEXT, text));
    else if (choice < 0.96) steps.push(frame(FIN | TEXT, text), { turns: 1 + random.int(3) });
    else if (choice < 0.98) steps.push(frame(FIN | TEXT, text));
    else steps.push(odd(random));
  }
  if (random.chance(0.2)) steps.push(frame(FIN | CLOSE, closing(random)));
  else if (random.chance(0.3)) steps.push({ end: "close" });
  const limits = random.pick(["", "", "small"]);
  return { variant: { limits, announce: random.chance(0.8) }, steps };
}

function frame(head: number, payload: string | Buffer): Step {
  if (typeof payload === "string") return { head, text: payload };
  return { head, payload: Buffer.from(payload).toString("base64") };
}

function fragments(random: Random, text: string): Step[] {
  const bytes = Buffer.from(text);
  const made: Step[] = [];
  const most = random.pick([1, 10, 200]);
  for (let at = 0; at < bytes.length && made.length < 100; ) {
    const isLast = made.length === 99;
    const size = isLast ? bytes.length : 1 + random.int(most);
    const fin = at + size >= bytes.length ? FIN : 0;
    made.push(frame(fin | (at === 0 ? TEXT : CONTINUATION), bytes.subarray(at, at + size)));
    if (random.chance(0.02)) made.push(frame(FIN | PING, ""));
    at += size;
  }
  return made;
}

/** A frame that breaks a rule of WebSockets, or of ours. */
function odd(random: Random): Step {
  const payload = random.bytes(random.int(40));
  switch (random.int(6)) {
    case 0:
      return frame(FIN | BINARY, payload);
    case 1:
      return frame(FIN | TEXT, payload);
    case 2:
      return frame(random.int(256), payload);
    case 3:
      return frame(FIN | CONTINUATION, payload);
    case 4:
      return { head: FIN | TEXT, payload: payload.toString("base64"), isBare: true };
    default:
      return frame(FIN | BINARY, random.bytes(random.pick([0, 1, 70_000])));
  }
}

function closing(random: Random): Buffer {
  const code = Buffer.alloc(2);
  code.writeUInt16BE(random.pick([1000, 1001, 3000, 4000, 0, 999, 1005, 1006, 65535]));
  const length = random.pick([0, 1, 2, 123]);
  return length === 1 ? code.subarray(1) : Buffer.concat([code, random.bytes(length)]);
}
