import { parseArgs } from "node:util";
import type { Selection } from "../conformance/select.ts";
import { REPORT_FORMATS, type ReportFormat } from "../report/index.ts";
import { FEATURES, type Feature } from "../transcript/features.ts";
import type { Side } from "../transcript/transcript.ts";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../transcript/versions.ts";
import { type ReportFile, reportFilesOf } from "./report-files.ts";
import { UsageError } from "./usage-error.ts";

/** The options of the commands for conformance. */
export interface Options extends Selection {
  readonly strict: boolean;
  /** The path of a list of known failures. */
  readonly known: string | undefined;
  readonly format: ReportFormat;
  readonly reports: readonly ReportFile[];
  /** The implementation's name in reports. */
  readonly name: string | undefined;
  readonly timeout: number;
  readonly linger: number;
  readonly parallel: number;
  /** Milliseconds that the whole run may take. */
  readonly total: number;
  /** A shell command that starts the server. */
  readonly start: string | undefined;
  /** Milliseconds that a server has to start. */
  readonly wait: number;
  readonly idleTimeout: number;
  readonly partial: boolean;
  readonly port: number;
  readonly host: string;
  readonly side: Side | undefined;
  /** True if the reference announces extensions. */
  readonly announce: boolean;
  /** True if the reference server prints its messages. */
  readonly verbose: boolean;
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
        profile: { type: "string" },
        demands: { type: "boolean", default: false },
        format: { type: "string", default: "human" },
        report: { type: "string", multiple: true, default: [] },
        name: { type: "string" },
        start: { type: "string" },
        timeout: { type: "string", default: "5000" },
        linger: { type: "string", default: "100" },
        parallel: { type: "string", default: "1" },
        total: { type: "string", default: "3600" },
        wait: { type: "string" },
        idle: { type: "string", default: "60000" },
        partial: { type: "boolean", default: false },
        port: { type: "string", default: "0" },
        host: { type: "string", default: "127.0.0.1" },
        for: { type: "string" },
        announce: { type: "boolean", default: false },
        verbose: { type: "boolean", default: false },
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
  return {
    features: featuresOf(values.features),
    skip: featuresOf(values.skip),
    only: values.only,
    exclude: values.exclude,
    profile: profileOf(values.profile),
    demandsOnly: values.demands,
    batch: values.batch,
    strict: values.strict,
    known: values.known,
    format,
    reports: reportFilesOf(values.report),
    name: values.name,
    timeout: numberOf("timeout", values.timeout),
    total: atLeastOne("total", values.total) * 1000,
    linger: numberOf("linger", values.linger),
    parallel: atLeastOne("parallel", values.parallel),
    start: values.start,
    wait: numberOf("wait", values.wait ?? (values.start === undefined ? "0" : "30")) * 1000,
    idleTimeout: numberOf("idle", values.idle),
    partial: values.partial,
    port: numberOf("port", values.port),
    host: values.host,
    side: sideOf(values.for),
    announce: values.announce,
    verbose: values.verbose,
  };
}

function featuresOf(text: string | undefined): Feature[] | undefined {
  return text?.split(",").map((name) => {
    const feature = FEATURES.find((each) => each === name.trim());
    if (feature === undefined) throw new UsageError(`There is no feature ${name}.`);
    return feature;
  });
}

function profileOf(text: string | undefined): ProtocolVersion | undefined {
  if (text === undefined) return undefined;
  const version = PROTOCOL_VERSIONS.find((each) => each === text);
  if (version !== undefined) return version;
  throw new UsageError(`--profile takes a version: ${PROTOCOL_VERSIONS.join(", ")}.`);
}

function sideOf(text: string | undefined): Side | undefined {
  if (text === undefined || text === "client" || text === "server") return text;
  throw new UsageError("--for takes client or server.");
}

function numberOf(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} has to be a number.`);
  return Number(text);
}

function atLeastOne(name: string, text: string): number {
  const number = numberOf(name, text);
  if (number === 0) throw new UsageError(`--${name} has to be at least 1.`);
  return number;
}
