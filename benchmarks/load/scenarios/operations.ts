import type { Random } from "../models/random.ts";
import { type Client, call, connect, cut, disconnect } from "./client.ts";
import { WrongAnswerError } from "./wrong-answer.ts";

/** The surroundings of an operation. */
export interface Surroundings {
  /** A session that stays connected. */
  readonly client: Client;
  /** The port of the server. */
  readonly port: number;
  readonly random: Random;
}

/** Begins an operation; its promise rejects if the answer is wrong. */
type Operate = (surroundings: Surroundings) => Promise<void>;

const CALLBACKS = 5;
const ITEMS = 20;
const CHUNKS = 8;
const CHUNK_SIZE = 4_096;
/** The share of sessions that end without a closing handshake. */
const CUT = 0.25;

/** The operations of scenarios. Each checks its answer. */
export const OPERATIONS = {
  call: ({ client }) => call(client),

  async callback({ client }) {
    const sum = await client.api.callBack((number) => number, CALLBACKS);
    if (sum !== (CALLBACKS * (CALLBACKS - 1)) / 2) throw new WrongAnswerError("callBack");
  },

  async stream({ client: { api }, random }) {
    const bytes =
      random() < 0.5
        ? await count(await api.download(CHUNKS, CHUNK_SIZE))
        : await api.upload(chunks());
    if (bytes !== CHUNKS * CHUNK_SIZE) throw new WrongAnswerError("a stream");
  },

  async map({ client: { api }, random }) {
    const items = api.items(ITEMS);
    const prices = await items.map((item) => item.price());
    // Otherwise, the list is forgotten. The session releases it after a garbage collection.
    if (random() < 0.5) items[Symbol.dispose]();
    if (prices.length !== ITEMS || prices[ITEMS - 1] !== 2 * (ITEMS - 1)) {
      throw new WrongAnswerError("map");
    }
  },

  async connect({ port, random }) {
    const client = await connect(port);
    await (random() < CUT ? cut(client) : disconnect(client));
  },
} satisfies Record<string, Operate>;

export type OperationName = keyof typeof OPERATIONS;

async function count(stream: ReadableStream<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.byteLength;
  return bytes;
}

function chunks(): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent++ < CHUNKS) controller.enqueue(new Uint8Array(CHUNK_SIZE));
      else controller.close();
    },
  });
}
