import type { Line, Transcript } from "../../transcript/transcript.ts";
import type { Performer, Scenario } from "../scenario.ts";

type Facts = Pick<Transcript, "id" | "name" | "features" | "section">;

const COMMON = { since: "0.1", batch: false, ownWording: false, notes: [], lines: [] } as const;

/** The id with a number in a group. */
export function numbered(group: string, number: number): string {
  return `${group}-${String(number).padStart(3, "0")}`;
}

/** A scenario for servers in which code plays the client. */
export function forServers(facts: Facts, perform: Performer): Scenario {
  return {
    ...COMMON,
    ...facts,
    client: { raw: true },
    server: { application: true },
    perform,
  };
}

/** A scenario for clients in which code plays the server. */
export function forClients(
  facts: Facts & Pick<Scenario, "notes"> & { readonly program: readonly object[] },
  perform: Performer,
): Scenario {
  const { program, ...rest } = facts;
  return {
    ...COMMON,
    ...rest,
    client: { program: program as never },
    server: { raw: true },
    perform,
  };
}

/** A scenario for servers: the client's messages, and then the server's. */
export function exchange(
  facts: Facts,
  client: readonly unknown[],
  server: readonly unknown[],
): Scenario {
  const line = (from: Line["from"], after: number, message: unknown): Line => ({
    from,
    after,
    text: JSON.stringify(message),
  });
  return {
    ...COMMON,
    ...facts,
    batch: true,
    client: { raw: true },
    server: { application: true },
    lines: [
      ...client.map((each) => line("client", 0, each)),
      ...server.map((each) => line("server", client.length, each)),
    ],
  };
}
