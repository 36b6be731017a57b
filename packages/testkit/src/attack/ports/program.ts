// A process whose threads are a server of ports, its attacker and its victim. It reports the
// beginning and the result of each attack to its parent.
import { ATTACKS } from "../attacks/index.ts";
import { Campaign } from "../campaign.ts";
import { connectPortsWith } from "../media/port.ts";
import type { Settings } from "../options.ts";
import type { AttackResult } from "../result.ts";
import { ServerThread } from "../server/thread.ts";
import { spawnThreads } from "./spawn-thread.ts";

/** A request to the process. */
export interface PortOrder {
  readonly module: string;
  readonly settings: Settings;
  /** The ids of the attacks. */
  readonly ids: readonly string[];
}

/** A message of the process to its parent. */
export type PortNews =
  | { readonly begins: string }
  | { readonly result: AttackResult }
  | { readonly failure: string };

process.on("disconnect", () => process.exit());
process.once("message", (order: PortOrder) => {
  attackAll(order)
    .catch((error: unknown) => tell({ failure: String((error as Error)?.stack ?? error) }))
    .then(() => process.disconnect?.());
});

async function attackAll({ module, settings, ids }: PortOrder): Promise<void> {
  const server = new ServerThread(module);
  const connect = server.connect.bind(server);
  connectPortsWith(connect);
  const campaign = new Campaign([module], settings, server, spawnThreads(connect));
  try {
    await campaign.begin();
    for (const id of ids) {
      await tell({ begins: id });
      await tell({ result: await campaign.run(ATTACKS.find((attack) => attack.id === id)!) });
    }
  } finally {
    await campaign.end();
  }
}

function tell(news: PortNews): Promise<void> {
  return new Promise((resolve) => {
    process.send!(news, undefined, undefined, () => resolve());
  });
}
