import type { Target } from "../sequence.ts";
import { codecTarget } from "./codec.ts";
import { framesTarget } from "./frames.ts";
import { httpTarget } from "./http.ts";
import { sessionTarget } from "./session.ts";
import { wsTarget } from "./ws.ts";

/** All targets, by name. */
export const TARGETS: Readonly<Record<string, Target>> = {
  session: sessionTarget,
  ws: wsTarget,
  http: httpTarget,
  frames: framesTarget,
  codec: codecTarget,
};
