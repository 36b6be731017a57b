import { spawnSync } from "node:child_process";

/** The name of Prometheus' own checker; `undefined` where it isn't installed. */
export const promtool = spawnSync("promtool", ["--version"]).status === 0 ? "promtool" : undefined;
