import { type Transport, wrapTransport } from "@capnweb/core";
import { ConnectionError, connect } from "@capnweb/reconnect";
import { webSocketTransport } from "@capnweb/transport-ws";
import type { Api } from "./api.ts";

/**
 * Connects to the server at an address, loses the connection twice, and works on. The same code
 * runs in each runtime.
 *
 * @returns the program's observations
 */
export async function runReconnect(address: string): Promise<string> {
  const results: Record<string, unknown> = {};
  let lose = () => {};
  const connection = connect<Api>({
    async open({ signal }) {
      const transport = await webSocketTransport(`ws://${address}/`, { signal });
      return losable(transport, (now) => {
        lose = now;
      });
    },
    backoff: { min: 1, max: 50 },
  });
  const states: string[] = [];
  connection.addEventListener("statechange", ({ state, outcome }) => {
    states.push(outcome ? `${state} (${outcome})` : state);
  });
  const { api } = connection;
  const item = connection.keep((main) => main.item(7));
  results["call"] = await api.add(1, 2);
  results["kept"] = await item.name();
  const underWay = api.never().then(undefined, (error: unknown) => error);
  await api.add(0, 0);
  lose();
  results["restored"] = [await api.add(3, 4), await item.name(), await api.call((n) => n + 1, 1)];
  const failure = await underWay;
  results["under way"] = failure instanceof ConnectionError && [failure.code, failure.execution];
  lose();
  results["map"] = [...(await api.list().map((n) => api.add(n, 1)))];
  connection.close();
  results["closed"] = await api.add(1, 1).catch((error: ConnectionError) => error.code);
  results["states"] = states;
  return JSON.stringify(results);
}

/** A transport that breaks when the function that `onStart` gets is called. */
function losable(inner: Transport, onStart: (lose: () => void) => void): Transport {
  return wrapTransport(inner, {
    start(receiver) {
      onStart(() => {
        const reason = new Error("lost");
        inner.abort(reason);
        receiver.close(reason);
      });
      inner.start(receiver);
    },
  });
}
