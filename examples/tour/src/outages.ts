import { once } from "node:events";
import { type Connection, connect } from "@capnweb/reconnect";
import { webSocketTransport } from "@capnweb/transport-ws/node";
import type { PublicApi } from "./api.ts";
import { TOKEN } from "./client.ts";
import { startCutServer } from "./cut-server.ts";

/**
 * Takes steps over WebSockets that are cut in the middle of a message, and one while the server
 * restarts. Nothing in their code deals with outages.
 */
export async function tourOutages(): Promise<void> {
  const server = await startCutServer();
  console.log(`\nThrough a proxy that cuts WebSockets in the middle of a message (${server.url}):`);
  using connection = connect<PublicApi>({
    open: ({ signal }) => webSocketTransport(server.url, { signal }),
    backoff: { min: 10, max: 100 },
  });
  let onToken = () => {};
  const token = new Promise<void>((resolve) => {
    onToken = resolve;
  });
  using diary = connection.keep((api) => api.authenticate(TOKEN).notebook("Diary"), { onToken });
  await token;
  const step = stepsOf(connection);

  await step("a call, cut within the call", async () => {
    server.cutWithin("client", 1);
    return await diary.page(3).text;
  });
  await step("a call, cut within its answer", async () => {
    server.cutWithin("server", 1);
    return await diary.page(3).text;
  });
  await step("a callback, cut within its second call", async () => {
    server.cutWithin("server", 2);
    const progress: number[] = [];
    using user = connection.api.authenticate(TOKEN);
    return { result: await user.backup((percent) => void progress.push(percent)), progress };
  });
  await step("a stream, cut within its pages", async () => {
    server.cutWithin("server", 2);
    const texts: string[] = [];
    for await (const { text } of (await diary.read()) as any) texts.push(text);
    return texts;
  });
  await step("a call while the server restarts, on a notebook from before", async () => {
    const interrupted = once(connection, "statechange");
    await server.stop();
    await interrupted;
    const [text] = await Promise.all([diary.page(4).text, server.startAgain()]);
    return { text, logins: server.logins };
  });

  connection.close();
  await server.close();
}

/** Returns a function that prints a step with its result, and the connection's states meanwhile. */
function stepsOf(connection: Connection<PublicApi>) {
  let states: string[] = [];
  connection.addEventListener("statechange", ({ state, outcome }) => {
    states.push(outcome ? `${state} (${outcome})` : state);
  });
  return async (title: string, run: () => Promise<unknown>) => {
    states = [];
    const result = await run();
    console.log(`  ${title}\n    -> ${JSON.stringify(result)}\n    ${states.join(", ")}`);
  };
}
