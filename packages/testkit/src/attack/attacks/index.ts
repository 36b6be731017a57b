import type { Attack } from "../attack.ts";
import { CLONES } from "./clones.ts";
import { CYCLES } from "./cycles.ts";
import { DOCUMENTS } from "./documents.ts";
import { EXCEPTIONS } from "./exceptions.ts";
import { HTTP2 } from "./http2.ts";
import { OUTPUT } from "./output.ts";
import { OWNERSHIP } from "./ownership.ts";
import { SOCKETS } from "./sockets.ts";
import { STATE } from "./state.ts";
import { TRUST } from "./trust.ts";
import { WEBTRANSPORT } from "./webtransport.ts";
import { WORK } from "./work.ts";

/** All attacks, by kind. */
export const ATTACKS: readonly Attack[] = [
  ...WORK,
  ...CYCLES,
  ...STATE,
  ...OUTPUT,
  ...EXCEPTIONS,
  ...SOCKETS,
  ...OWNERSHIP,
  ...TRUST,
  ...HTTP2,
  ...WEBTRANSPORT,
  ...CLONES,
  ...DOCUMENTS,
];
