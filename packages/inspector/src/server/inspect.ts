import { checkOptions, optionRules, required } from "@capnweb/core/options";
import type { AttachableServer, HostedSession, RpcHost } from "@capnweb/host/node";
import { Recorder, type RecorderOptions } from "../recording/recorder.ts";
import { type AuthorizeInspector, accessOf } from "./access.ts";
import { FeedBudget } from "./feed-budget.ts";
import { HostRoots } from "./host-roots.ts";
import { servePage } from "./serve-page.ts";

/** Options of {@link inspect}. */
export interface InspectOptions extends RecorderOptions {
  /** The HTTP server that serves the page. It stays yours. */
  readonly server: AttachableServer;
  /** The path of the page. Default `"/__capnweb"`. */
  readonly path?: string | undefined;
  /**
   * Decides who may see the page, which shows every message of every session, and makes calls:
   * `true`, `false`, or `{ status, reason }`. Required unless `NODE_ENV` is `development`; without
   * it, only this machine gets the page. Pages of other origins never do. Look at a cookie:
   * browsers send no `Authorization` header with the page's WebSocket.
   */
  readonly authorize?: AuthorizeInspector | undefined;
  /** True if the page may call the server's objects and its clients'. Default true. */
  readonly calls?: boolean | undefined;
}

/** An inspector of a server. */
export interface Inspector {
  /** The recording, for programs. */
  readonly recorder: Recorder;
  /** Stops recording and serving. The server stays yours. Idempotent. */
  close(): void;
}

const RULES = {
  server: required(optionRules.object),
  path: {
    must: 'a path that begins with "/" and doesn\'t end with one',
    allows: (value: unknown) => typeof value === "string" && /^\/.*[^/]$/.test(value),
  },
  authorize: optionRules.function,
  calls: optionRules.boolean,
  maxBytes: optionRules.number,
  maxEntries: optionRules.number,
  details: optionRules.boolean,
};

/**
 * Records the sessions of a host, and shows them on a page of its server. Sessions that have
 * started before aren't recorded, so call it before the server listens.
 *
 * @param host the host of the sessions
 * @throws InspectorAccessError without `authorize`, unless `NODE_ENV` is `development`
 * @throws PageMissingError if the package lacks its page
 * @throws TypeError for an unknown option, a wrong value, and a path that is served already
 *
 * @example
 * ```ts
 * const server = createServer();
 * attachHost(host, server, { path: "/api" });
 * inspect(host, { server, authorize: ({ headers }) => isAdmin(headers.get("cookie")) });
 * server.listen(8080); // The page is at http://localhost:8080/__capnweb/
 * ```
 */
export function inspect(host: RpcHost<any, any>, options: InspectOptions): Inspector {
  checkOptions<InspectOptions>("inspect()", options, RULES);
  const { server, path = "/__capnweb", authorize, calls = true } = options;
  const access = accessOf("inspect()", authorize);
  const recorder = new Recorder(options);
  const roots = new HostRoots(host);
  const { hasDetails } = recorder;
  const description = { title: "", way: "server", canCall: calls, hasDetails } as const;
  const budget = new FeedBudget();
  const inspected = { recorder, budget, description, roots: calls ? roots : undefined };
  const page = servePage(server, path, inspected, access);
  const stop = host.watch((session) => recorder.options("server", factsOf(session)));
  return {
    recorder,
    close() {
      stop();
      recorder.stop();
      page.close();
      roots.dispose();
    },
  };
}

function factsOf({ id, medium, address, identity }: HostedSession) {
  return { label: identity ?? `client ${id}`, medium, address, identity };
}
