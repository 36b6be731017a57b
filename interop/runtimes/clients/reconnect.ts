import { runReconnect } from "../run-reconnect.ts";
import { argument } from "./argument.ts";

console.log(await runReconnect(await argument()));
