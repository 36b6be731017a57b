import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { newHttpBatchRpcResponse, nodeHttpBatchRpcResponse } from "@capnweb/transport-http";
import { parseMessage, resolveLimits, withoutDocuments } from "@capnweb/wire";
import { batchSequence } from "../generate/batch-sequence.ts";
import { type Outcome, type Sequence, type Target, turn } from "../sequence.ts";
import { describe } from "../unhandled.ts";
import { Application } from "./application.ts";
import { TYPES } from "./box.ts";
import { Ledger } from "./ledger.ts";
import { SMALL_LIMITS } from "./limits.ts";

const STATUSES = new Set([200, 204, 400, 403, 405, 413, 500, 503, 504]);

/** Turns that a batch may wait for a call that never ends. */
const PATIENCE = 60;

let server: Server;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
/** The ledger of the current request to the server in Node. */
let ledger = new Ledger();
let options: object = {};
let answered: Promise<void> = Promise.resolve();

/** Batches to both servers: in the form of `Request` and `Response`, and over sockets to Node. */
export const httpTarget: Target = {
  name: "http",

  async start() {
    server = createServer((incoming, response) => {
      answered = nodeHttpBatchRpcResponse(incoming, response, new Application(ledger), options);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  },

  generate: batchSequence,

  async run({ variant, steps }: Sequence): Promise<Outcome> {
    ledger = new Ledger();
    options = {
      ...(variant["limits"] ? { limits: SMALL_LIMITS } : {}),
      types: TYPES,
      onError() {},
    };
    const texts = steps.flatMap((step) => ("message" in step ? [step.message as string] : []));
    const body = texts.join(variant["newline"] as string).slice(0, variant["cut"] as number);
    const method = variant["method"] as string;
    const accept = (variant["accept"] as string | undefined) ?? "*/*";
    const post = variant["server"] === "fetch" ? fetchBatch : nodeBatch;
    const answer = await post(method, body, { accept });
    if (answer) check(answer, accept.includes("errors."));
    ledger.letGo();
    for (let i = 0; i < 200 && !ledger.isSettled; i++) await turn();
    await turn();
    // An upgrade, or a request that never arrived, made no main object.
    ledger.close();
    return { faults: ledger.faults, survived: answer?.status === 200 };
  },
};

interface Answer {
  readonly status: number;
  readonly body: string;
}

function check({ status, body }: Answer, takesDocuments: boolean): void {
  if (!STATUSES.has(status)) ledger.fault("an unexpected status", status);
  if (status !== 200) return;
  for (const line of body === "" ? [] : body.split("\n")) {
    try {
      const message = parseMessage(line, resolveLimits(undefined));
      const hasDocuments = message.some((each) => withoutDocuments(each) !== each);
      if (hasDocuments && !takesDocuments) throw new Error("a document that nobody accepts");
    } catch (error) {
      ledger.fault("a malformed answer", `${describe(error)}: ${line.slice(0, 300)}`);
    }
  }
}

type Headers = Readonly<Record<string, string>>;

async function fetchBatch(
  method: string,
  body: string,
  headers: Headers,
): Promise<Answer | undefined> {
  const gone = new AbortController();
  const init = { method, headers, signal: gone.signal, ...(method !== "GET" && { body }) };
  const incoming = new Request("http://server.example/", init);
  let answer: Answer | undefined;
  const answering = newHttpBatchRpcResponse(incoming, new Application(ledger), options).then(
    async (response) => {
      answer = { status: response.status, body: await response.text() };
    },
    (error: unknown) => ledger.fault("the answer rejects", describe(error)),
  );
  for (let i = 0; i < PATIENCE && !answer; i++) await turn();
  if (answer) return answer;
  gone.abort();
  await answering;
  return undefined;
}

async function nodeBatch(
  method: string,
  body: string,
  headers: Headers,
): Promise<Answer | undefined> {
  const { port } = server.address() as AddressInfo;
  const outgoing = request({ host: "127.0.0.1", port, method, agent, headers });
  outgoing.on("error", () => {});
  outgoing.end(method === "GET" ? undefined : body);
  const response = once(outgoing, "response") as Promise<[IncomingMessage]>;
  response.catch(() => {});
  // Long enough for the loopback. A call that never ends takes longer.
  let timer: unknown;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, 200);
  });
  const [incoming] = (await Promise.race([response, patience])) ?? [];
  clearTimeout(timer as number);
  if (!incoming) {
    outgoing.destroy();
    for (let i = 0; i < PATIENCE; i++) await turn();
    await answered.catch((error: unknown) => ledger.fault("the answer rejects", describe(error)));
    return undefined;
  }
  let text = "";
  for await (const chunk of incoming) text += String(chunk);
  return { status: incoming.statusCode!, body: text };
}
