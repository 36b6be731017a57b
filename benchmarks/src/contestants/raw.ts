// A program without any library: one JSON frame per message, ids to match answers with, and for
// streams only simple back-pressure.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebSocket } from "ws";
import {
  CHUNK_SIZE,
  type Client,
  type Contestant,
  HIGH_WATER_MARK,
  streamedObject,
} from "./contestant.ts";
import { Gate } from "./gate.ts";
import { closed, httpUrl, openSocket, serveRequests, serveSockets } from "./network.ts";

export const raw: Contestant = {
  serveWebSocket: () => serveSockets((socket) => new Server(socket)),
  async connectWebSocket(port) {
    const socket = openSocket(port);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return new RawClient(socket);
  },
  serveHttp: () => serveRequests(answerBatch),
  connectHttp: async (port) => new HttpClient(httpUrl(port)),
  alone: async () => ({
    echo: async (value) => value,
    serialize: (value) => JSON.stringify(value),
    deserialize: (text) => JSON.parse(text),
    async close() {},
  }),
};

/** A request or an answer, in either direction. */
interface Frame {
  readonly id: number;
  readonly method?: string;
  readonly value?: unknown;
}

class RawClient implements Client {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, (value: any) => void>();
  #nextId = 1;
  #onItem: ((item: any) => void) | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data, isBinary) => {
      if (isBinary) this.#onItem?.(data);
      else this.#receive(JSON.parse(String(data)));
    });
  }

  echo(value: unknown): Promise<unknown> {
    return this.#request("echo", value);
  }

  callBack(times: number): Promise<number> {
    return this.#request("callBack", times);
  }

  async receiveBytes(chunks: number): Promise<number> {
    let bytes = 0;
    this.#onItem = (chunk: Buffer) => {
      bytes += chunk.length;
    };
    await this.#request("bytes", chunks);
    return bytes;
  }

  async sendBytes(chunks: number): Promise<number> {
    await sendChunks(this.#socket, chunks);
    return this.#request("received", undefined);
  }

  async receiveObjects(count: number): Promise<number> {
    let received = 0;
    this.#onItem = () => {
      received++;
    };
    await this.#request("objects", count);
    return received;
  }

  async holdCalls(count: number) {
    const calls = Array.from({ length: count }, () => this.#request("wait", undefined));
    await this.echo(0);
    return {
      release: async () => {
        await this.#request("open", undefined);
        await Promise.all(calls);
      },
    };
  }

  close(): Promise<void> {
    return closed(this.#socket, () => this.#socket.close());
  }

  #request(method: string, value: unknown): Promise<any> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#pending.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, value }));
    });
  }

  #receive({ id, method, value }: Frame): void {
    if (method === "call") this.#socket.send(JSON.stringify({ id, method: "answer", value }));
    else if (method === "item") this.#onItem?.(value);
    else {
      this.#pending.get(id)?.(value);
      this.#pending.delete(id);
    }
  }
}

class Server {
  readonly #socket: WebSocket;
  #received = 0;
  #onAnswer: ((value: number) => void) | undefined;
  #gate = new Gate();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.#received += data.length;
      else this.#receive(JSON.parse(String(data)));
    });
  }

  #receive({ id, method, value }: Frame): void {
    switch (method) {
      case "echo":
        this.#answer(id, value);
        break;
      case "answer":
        this.#onAnswer?.(value as number);
        break;
      case "wait":
        this.#gate.opened.then(() => this.#answer(id, undefined));
        break;
      case "open":
        this.#gate.open();
        this.#gate = new Gate();
        this.#answer(id, undefined);
        break;
      case "received":
        this.#answer(id, this.#received);
        this.#received = 0;
        break;
      default:
        this.#answerLater(id, method, value as number);
    }
  }

  async #answerLater(id: number, method: string | undefined, count: number): Promise<void> {
    if (method === "callBack") this.#answer(id, await this.#callBack(count));
    if (method === "bytes") this.#answer(id, await sendChunks(this.#socket, count));
    if (method === "objects") this.#answer(id, await this.#sendObjects(count));
  }

  async #callBack(times: number): Promise<number> {
    let sum = 0;
    for (let id = 0; id < times; id++) {
      sum += await new Promise<number>((resolve) => {
        this.#onAnswer = resolve;
        this.#socket.send(JSON.stringify({ id, method: "call", value: id }));
      });
    }
    return sum;
  }

  async #sendObjects(count: number): Promise<void> {
    for (let id = 0; id < count; id++) {
      const frame = JSON.stringify({ id, method: "item", value: streamedObject(id) });
      await sendWhenWritable(this.#socket, frame);
    }
  }

  #answer(id: number, value: unknown): void {
    this.#socket.send(JSON.stringify({ id, value }));
  }
}

async function sendChunks(socket: WebSocket, chunks: number): Promise<void> {
  const chunk = new Uint8Array(CHUNK_SIZE);
  for (let i = 0; i < chunks; i++) await sendWhenWritable(socket, chunk);
}

/** Sends. If much data is waiting, returns a promise that resolves once it is sent. */
function sendWhenWritable(socket: WebSocket, data: string | Uint8Array): Promise<void> | undefined {
  if (socket.bufferedAmount < HIGH_WATER_MARK) return void socket.send(data);
  return new Promise((resolve) => socket.send(data, () => resolve()));
}

/** Posts exactly the text that Cap'n Web would, and receives exactly the text that it would. */
class HttpClient implements Client {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async echo(value: unknown): Promise<unknown> {
    return (await this.batch([value]))[0];
  }

  async batch(values: readonly unknown[]): Promise<unknown[]> {
    const body = values.flatMap((value, i) => [
      JSON.stringify(["push", ["pipeline", 0, ["echo"], [value]]]),
      JSON.stringify(["pull", i + 1]),
    ]);
    const response = await fetch(this.#url, { method: "POST", body: body.join("\n") });
    const lines = (await response.text()).split("\n");
    return lines.map((line) => JSON.parse(line)[2]);
  }

  async close(): Promise<void> {}
}

async function answerBatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  request.setEncoding("utf8");
  for await (const chunk of request) body += chunk;
  const answers: string[] = [];
  for (const line of body.split("\n")) {
    const [tag, expression] = JSON.parse(line);
    if (tag !== "push") continue;
    answers.push(JSON.stringify(["resolve", answers.length + 1, expression[3][0]]));
  }
  response.setHeader("Content-Type", "text/plain;charset=UTF-8");
  response.end(answers.join("\n"));
}
