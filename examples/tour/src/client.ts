import { RpcSession, type RpcStub, type Transport } from "@capnweb/core";
import { newHttpBatchRpcSession } from "@capnweb/transport-http";
import { ByteStreamTransport, type CertificateHash } from "@capnweb/transport-webtransport";
import { connectWebTransport } from "@capnweb/transport-webtransport/node";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { WebSocket } from "ws";
import type { PublicApi } from "./api.ts";
import { countedFetch, countedTransport, Traffic } from "./traffic.ts";

export const TOKEN = "open sesame";

/** Prints a step with its result and its traffic. */
async function step(title: string, run: () => Promise<unknown>, traffic: () => Traffic) {
  const result = await run();
  console.log(`  ${title}\n    -> ${JSON.stringify(result)}\n    ${traffic()}`);
}

/** Takes all steps over one WebSocket session. */
export async function tourWebSocket(url: string): Promise<void> {
  console.log(`\nOver a WebSocket, in one session (${url}):`);
  await tourSession(new WebSocketPushTransport(new WebSocket(url)));
}

/**
 * Takes the same steps over WebTransport, which in Node is HTTP/2 unless a native package is
 * installed.
 */
export async function tourWebTransport(url: string, hash: CertificateHash): Promise<void> {
  console.log(`\nOver WebTransport, in one session (${url}):`);
  const connection = connectWebTransport(url, { serverCertificateHashes: [hash] });
  await tourSession(new ByteStreamTransport(connection));
}

async function tourSession(carrier: Transport): Promise<void> {
  let traffic = new Traffic();
  const transport = countedTransport(carrier, () => traffic);
  using api = new RpcSession<PublicApi>(transport).getRemoteMain();
  const run = async (title: string, program: () => Promise<unknown>) => {
    traffic = new Traffic();
    await step(title, program, () => traffic);
  };

  using user = api.authenticate(TOKEN);
  await run("authenticate", async () => user.name);
  await run("three dependent calls", async () => pipelined(api));
  await run("map over a remote list", async () => mapped(api));
  await run("a callback that the server calls and waits for", async () => {
    const progress: number[] = [];
    return { result: await user.backup((percent) => void progress.push(percent)), progress };
  });
  await run("a stream", async () => {
    using notebook = user.notebook("Diary");
    const texts: string[] = [];
    for await (const { text } of (await notebook.read()) as any) texts.push(text);
    return texts;
  });
}

/** Takes the same steps over HTTP, where each step is a request of its own. */
export async function tourBatches(url: string): Promise<void> {
  console.log(`\nOver HTTP, a batch for each step (${url}):`);
  const run = async (title: string, program: (api: RpcStub<PublicApi>) => Promise<unknown>) => {
    const traffic = new Traffic();
    using api = newHttpBatchRpcSession<PublicApi>(url, { fetch: countedFetch(traffic) });
    await step(
      title,
      () => program(api),
      () => traffic,
    );
  };

  await run("authenticate", async (api) => api.authenticate(TOKEN).name);
  await run("three dependent calls", pipelined);
  await run("map over a remote list", mapped);
  await run("a callback that the server calls (its answer could not travel)", async (api) => {
    const progress: number[] = [];
    const user = api.authenticate(TOKEN);
    const result = await user.backupWithoutWaiting((percent) => void progress.push(percent));
    return { result, progress };
  });
  await run("a list in place of a stream (streams need a session that stays)", async (api) => {
    const notebook = api.authenticate(TOKEN).notebook("Diary");
    return notebook.pageNumbers().map((number) => notebook.page(number).text);
  });
}

/** Calls `notebook` and `page` on results that haven't arrived yet. */
async function pipelined(api: RpcStub<PublicApi>) {
  return await api.authenticate(TOKEN).notebook("Diary").page(3).text;
}

async function mapped(api: RpcStub<PublicApi>) {
  const notebook = api.authenticate(TOKEN).notebook("Atlas");
  return await notebook.pageNumbers().map((number) => notebook.page(number).text);
}
