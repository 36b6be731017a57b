/** The names of OpenTelemetry's semantic conventions for RPC. */
export const SYSTEM_NAME = "rpc.system.name";
export const METHOD = "rpc.method";
export const ERROR_TYPE = "error.type";

/** The kind of an operation that isn't a call: `"get"` or `"map"`. Not part of the conventions. */
export const OPERATION = "capnweb.operation";

export const SYSTEM = "capnweb";

/** The boundaries, in seconds, that the conventions advise for durations. */
export const DURATION_BOUNDARIES = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
