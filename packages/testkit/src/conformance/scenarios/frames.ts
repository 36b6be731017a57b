import type { Delivery, Scenario } from "../scenario.ts";
import { numbered } from "./make.ts";

/** The recorded scenarios to carry in other frames, and what they carry. */
const CARRIED: Readonly<Record<string, string>> = {
  "value-text": "a text",
  "value-keys-that-may-not-be-used": "an object",
  "pipeline-three-dependent-calls": "dependent calls",
  "callback-called-twice": "callbacks",
};

const FORMS: Readonly<Record<Delivery, string>> = {
  fragments: "in fragments, with pings between them",
  bytes: "in packets of one byte",
};

/** Recorded scenarios whose messages travel over a WebSocket in another form. */
export function frameScenarios(recorded: ReadonlyMap<string, Scenario>): Scenario[] {
  return Object.entries(CARRIED).flatMap(([file, content], i) => {
    const scenario = recorded.get(file);
    if (scenario === undefined) throw new Error(`There is no recording ${file}.`);
    const carried = (delivery: Delivery): Scenario => ({
      ...scenario,
      id: numbered("FRA", 2 * i + (delivery === "bytes" ? 2 : 1)),
      name: `frames: ${content} ${FORMS[delivery]}`,
      section: "transports",
      batch: false,
      delivery,
    });
    // Only a connecting side can choose its packets.
    return [carried("fragments"), { ...carried("bytes"), client: { raw: true } }];
  });
}
