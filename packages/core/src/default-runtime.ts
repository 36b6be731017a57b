import { Runtime } from "./runtime.ts";

/** The runtime that everything this package exports belongs to. */
export const runtime = new Runtime();
