import { parseArgs } from "node:util";
import type { Selection } from "../conformance/select.ts";
import { REPORT_FORMATS, type ReportFormat } from "../report/index.ts";
import { FEATURES, type Feature, type Side } from "../transcript/transcript.ts";
import { UsageError } from "./usage-error.ts";

/** The options of the commands for conformance. */
export interface Options extends Selection {
  readonly strict: boolean;
  /** The path of a list of known failures. */
  readonly known: string | undefined;
  readonly format: ReportFormat;
  readonly timeout: number;
  readonly linger: number;
  readonly parallel: number;
  /** Milliseconds that a server has to start. */
  readonly wait: number;
  readonly idleTimeout: number;
  readonly partial: boolean;
  readonly port: number;
  readonly host: string;
  readonly side: Side | undefined;
}

type Values = ReturnType<typeof parse>["values"];

/**
 * Parses the command line.
 *
 * @throws UsageError for unknown options
 */
export function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        features: { type: "string" },
        skip: { type: "string" },
        only: { type: "string", multiple: true },
        exclude: { type: "string", multiple: true },
        batch: { type: "boolean", default: false },
        strict: { type: "boolean", default: false },
        known: { type: "string" },
        format: { type: "string", default: "human" },
        timeout: { type: "string", default: "5000" },
        linger: { type: "string", default: "100" },
        parallel: { type: "string", default: "1" },
        wait: { type: "string", default: "0" },
        idle: { type: "string", default: "60000" },
        partial: { type: "boolean", default: false },
        port: { type: "string", default: "0" },
        host: { type: "string", default: "127.0.0.1" },
        for: { type: "string" },
        help: { type: "boolean", default: false },
        version: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** @throws UsageError for invalid values */
export function optionsOf(values: Values): Options {
  const format = REPORT_FORMATS.find((each) => each === values.format);
  if (format === undefined) throw new UsageError(`There is no format ${values.format}.`);
  const parallel = numberOf("parallel", values.parallel);
  if (parallel === 0) throw new UsageError("--parallel has to be at least 1.");
  return {
    features: featuresOf(values.features),
    skip: featuresOf(values.skip),
    only: values.only,
    exclude: values.exclude,
    batch: values.batch,
    strict: values.strict,
    known: values.known,
    format,
    timeout: numberOf("timeout", values.timeout),
    linger: numberOf("linger", values.linger),
    parallel,
    wait: numberOf("wait", values.wait) * 1000,
    idleTimeout: numberOf("idle", values.idle),
    partial: values.partial,
    port: numberOf("port", values.port),
    host: values.host,
    side: sideOf(values.for),
  };
}

function featuresOf(text: string | undefined): Feature[] | undefined {
  return text?.split(",").map((name) => {
    const feature = FEATURES.find((each) => each === name.trim());
    if (feature === undefined) throw new UsageError(`There is no feature ${name}.`);
    return feature;
  });
}

function sideOf(text: string | undefined): Side | undefined {
  if (text === undefined || text === "client" || text === "server") return text;
  throw new UsageError("--for takes client or server.");
}

function numberOf(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} has to be a number.`);
  return Number(text);
}
