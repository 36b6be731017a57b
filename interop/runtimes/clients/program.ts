import { runProgram } from "../run-program.ts";
import { argument } from "./argument.ts";

console.log(await runProgram(await argument()));
