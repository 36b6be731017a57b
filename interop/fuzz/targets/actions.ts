import { RpcPromise } from "@capnweb/core";
import { Box } from "./box.ts";
import { sinkOf, streamOf } from "./hostile-streams.ts";
import { makeBad } from "./hostile-values.ts";
import type { Ledger } from "./ledger.ts";
import { promisesToLend } from "./native-promises.ts";

/** The objects of our side of a session while its peer attacks it. */
export interface Hands {
  readonly api: any;
  readonly ledger: Ledger;
  readonly session: any;
  /** Results and stubs that haven't been disposed of. */
  readonly held: any[];
  /** A number that the sequence chose. */
  readonly by: number;
}

type Action = (hands: Hands) => unknown;

function one({ held, by, api }: Hands): any {
  return held.length === 0 ? api : held[by % held.length];
}

/** Calls that an application makes. Their results are awaited and held. */
export const ACTIONS: readonly Action[] = [
  ({ api }) => api.echo(1),
  ({ api }) => api.echo((x: unknown) => x),
  ({ api, ledger }) => api.echo(ledger.target()),
  ({ api, ledger }) => api.echo(new Box([ledger.target(), [() => 1], new Box()])),
  ({ api, ledger }) => api.echo({ a: ledger.target(), list: [() => 1] }),
  ({ api, ledger }) => {
    using promise = new RpcPromise(Promise.resolve(ledger.target()));
    return api.echo(promise);
  },
  ({ api, ledger }) => {
    using promise = new RpcPromise(ledger.hang());
    return api.echo(promise);
  },
  ({ api, by }) => api.echo(makeBad(by)),
  ({ api, by, ledger }) => api.echo(promisesToLend(by, ledger)),
  ({ api }) => api.a.b,
  ({ api, by, ledger }) => ledger.kept(api.user(by)).child.name(),
  ({ api, ledger }) => ledger.kept(api.list()).map((x: any) => ({ x, y: x.z })),
  ({ api, ledger }) => ledger.kept(api.list()).map((x: any) => x.map((y: any) => api.echo([x, y]))),
  ({ api, by, ledger }) => api.read(streamOf(by, ledger)),
  ({ api, by, ledger }) => api.write(sinkOf(by, ledger)),
  ({ api }) => api.size(new Blob(["text"])),
  ({ api }) => api.send(new Request("http://a/", { method: "POST", body: "text" })),
  async ({ api, ledger }) => {
    const stream = await ledger.kept(api.stream());
    let count = 0;
    for await (const chunk of stream) {
      chunk?.[Symbol.dispose]?.();
      if (++count > 20) break;
    }
  },
  async ({ api, ledger }) => {
    const writer = ledger.kept((await ledger.kept(api.sink())).getWriter());
    await ledger.kept(writer.write(1));
    await ledger.kept(writer.write(() => 1));
    await ledger.kept(writer.close());
  },
  (hands) => one(hands).dup?.(),
  (hands) => one(hands)?.(1, hands.api),
  (hands) => one(hands)?.x?.y,
  (hands) => hands.api.echo(one(hands)),
  (hands) => {
    const [first] = hands.held.splice(hands.by % (hands.held.length + 1), 1);
    if (typeof first === "object" || typeof first === "function") first?.[Symbol.dispose]?.();
  },
  ({ api, ledger }) => {
    // Never awaited.
    ledger.kept(api.echo(ledger.kept(api.other()))).x;
  },
  ({ api, by }) => {
    api.onRpcBroken(() => {
      if (by % 2) throw new Error("thrown by an onRpcBroken callback");
    });
  },
  ({ session }) => session.drain(),
];
