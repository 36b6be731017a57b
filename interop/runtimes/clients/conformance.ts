import { runConformance } from "../run-conformance.ts";
import { argument } from "./argument.ts";

console.log(await runConformance(await argument()));
