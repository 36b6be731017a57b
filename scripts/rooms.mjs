// The parts of the project, from the bottom up. Each imports only those before it.

const SRC = "^packages/core/src/";

/** The folders of core, and the files beside them. A file may import any file of its own room. */
export const ROOMS = [
  { name: "types", path: `${SRC}types/`, is: "static types" },
  {
    name: "ground",
    path: `${SRC}(after-awaits|broken-listener|errors|report|symbol-dispose|target|transport|wrap-transport)\\.ts$`,
    is: "errors, reports, RpcTarget",
  },
  { name: "turns", path: `${SRC}turns/`, is: "the scheduler" },
  {
    name: "call-context",
    path: `${SRC}(async-hooks\\.d\\.ts$|budget\\.ts$|call-context/)`,
    is: "budgets, contexts, scopes of calls",
  },
  { name: "model", path: `${SRC}model/`, is: "hooks, payloads, handles" },
  { name: "promise", path: `${SRC}promise/`, is: "values still to come" },
  { name: "local", path: `${SRC}local/`, is: "values of this process, delivery" },
  { name: "stream", path: `${SRC}stream/`, is: "pipes, flow control" },
  { name: "value-types", path: `${SRC}value-types/`, is: "records of capabilities" },
  { name: "map", path: `${SRC}map/`, is: "recorder, applicator" },
  { name: "stub", path: `${SRC}stub/`, is: "proxies" },
  { name: "session", path: `${SRC}session/`, is: "tables, dispatch, outbox" },
  { name: "options", path: `${SRC}options/`, is: "the check of options" },
  { name: "contexts", path: `${SRC}contexts/`, is: "sessions whose calls have contexts" },
  { name: "interceptors", path: `${SRC}interceptors/`, is: "code around operations" },
  {
    name: "runtime",
    path: `${SRC}(assembled-runtime|break-stub|default-runtime|probe|start-session|stubs|rpc-session)\\.ts$`,
    is: "implementations, put together",
  },
  { name: "calls", path: `${SRC}(async-context|calls/)`, is: "callOptions, currentCall" },
  { name: "following", path: `${SRC}following/`, is: "stubs whose target changes" },
  { name: "modular", path: `${SRC}modular/`, is: "runtimes of registered components" },
  { name: "server", path: `${SRC}server/`, is: "admission, access" },
  { name: "index", path: `${SRC}index\\.ts$`, is: "the main entry" },
];

/** The published packages, from the bottom up. */
export const PACKAGES = [
  { name: "wire", path: "^packages/wire/src/" },
  { name: "core", path: "^packages/core/src/" },
  { name: "testkit", path: "^packages/testkit/src/" },
  { name: "transports", path: "^packages/transport-[^/]+/src/" },
  { name: "resume", path: "^packages/resume/src/" },
  { name: "durable", path: "^packages/durable/src/" },
  { name: "plan", path: "^packages/plan/src/" },
  { name: "observe", path: "^packages/observe/src/" },
  { name: "reconnect", path: "^packages/reconnect/src/" },
  { name: "react", path: "^packages/react/src/" },
  { name: "compat", path: "^packages/compat/src/" },
  { name: "host", path: "^packages/host/src/" },
  { name: "inspector", path: "^packages/inspector/src/" },
];
