import { runKeepAlive } from "../run-keep-alive.ts";
import { argument } from "./argument.ts";

console.log(await runKeepAlive(await argument()));
// A standard socket can't be cut, and goes on waiting for the silent server's answer to the close.
(globalThis as { process?: { exit(): void } }).process?.exit();
