import { FrameDecoder, FrameEncoder, FrameError, LimitError } from "@capnweb/wire";
import type { Random } from "../random.ts";
import { Random as Choices } from "../random.ts";
import {
  type Fault,
  type Outcome,
  type Sequence,
  type Step,
  type Target,
  turn,
} from "../sequence.ts";

const MAX_SIZE = 4_096;

/** Bytes of a stream, split anywhere. The messages and errors mustn't depend on the splits. */
export const framesTarget: Target = {
  name: "frames",

  generate(random) {
    const steps = Array.from({ length: 40 }, (): Step => {
      return { bytes: streamOf(random).toString("base64") };
    });
    return { variant: { splits: random.int(2 ** 31) }, steps };
  },

  async run({ variant, steps }: Sequence): Promise<Outcome> {
    const faults: Fault[] = [];
    const random = new Choices(variant["splits"] as number);
    for (const step of steps) {
      if (!("bytes" in step)) continue;
      const bytes = Buffer.from(step.bytes, "base64");
      const whole = decode([bytes], faults);
      const split = decode(splitAtRandom(random, bytes), faults);
      if (whole !== split) {
        faults.push({ kind: "splits change the messages", detail: `${whole}\n${split}` });
      }
    }
    await turn();
    return { faults, survived: false };
  },
};

/** Frames of an encoder, often with a change. */
function streamOf(random: Random): Buffer {
  const encoder = new FrameEncoder(1 + random.int(200));
  for (let count = random.int(6); count > 0; count--) encoder.push(messageOf(random));
  const chunks: Uint8Array[] = [];
  for (let chunk = encoder.take(); chunk; chunk = encoder.take()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const choice = random.next();
  if (choice < 0.5) return bytes;
  if (choice < 0.6) return bytes.subarray(0, random.int(bytes.length + 1));
  if (choice < 0.7) return random.bytes(random.int(60));
  if (choice < 0.8) return Buffer.concat([bytes, header(random), random.bytes(random.int(30))]);
  for (let count = 1 + random.int(3); count > 0 && bytes.length > 0; count--) {
    bytes[random.int(bytes.length)] = random.int(256);
  }
  return bytes;
}

function messageOf(random: Random): string | Uint8Array {
  if (random.chance(0.3)) return random.bytes(random.int(60));
  return random.pick(["", "é😀", "\ud800", "a", "\ufeffbom", "long ".repeat(random.int(20))]);
}

function header(random: Random): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(
    random.pick([0, 1, 5, MAX_SIZE, MAX_SIZE + 1, 2 ** 31, 2 ** 32 - 1, 2 ** 31 - 1]),
  );
  return bytes;
}

function splitAtRandom(random: Random, bytes: Buffer): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const most = random.pick([2, 20, 100, 500]);
  for (let at = 0; at < bytes.length; ) {
    const size = random.int(most);
    chunks.push(Uint8Array.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return chunks;
}

/** The messages and the error that chunks decode to, as one text. */
function decode(chunks: readonly Uint8Array[], faults: Fault[]): string {
  const decoder = new FrameDecoder(MAX_SIZE);
  const messages: unknown[] = [];
  let size = 0;
  const onMessage = (message: string | Uint8Array) => {
    size += message.length;
    messages.push(typeof message === "string" ? message : [...message]);
  };
  try {
    for (const chunk of chunks) decoder.push(chunk, onMessage);
    decoder.end();
  } catch (error) {
    const isRight = error instanceof FrameError || error instanceof LimitError;
    if (!isRight) faults.push({ kind: "an error of the wrong kind", detail: String(error) });
    messages.push(String(error));
  }
  const received = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (size > received) faults.push({ kind: "messages longer than their bytes", detail: `${size}` });
  return JSON.stringify(messages);
}
