import { runDurable } from "../run-durable.ts";
import { argument } from "./argument.ts";

console.log(await runDurable(await argument()));
