/** The health of a host. */
export interface HostHealth {
  /** `ready` while it accepts sessions; `draining` from the call of `drain`; then `closed`. */
  readonly status: "ready" | "draining" | "closed";
  /** True if load balancers may send it clients. */
  readonly isReady: boolean;
  /** The number of sessions and batches. */
  readonly sessions: number;
  /** The number of those sessions that have no connection, and wait for their client. */
  readonly detached: number;
  /** Bytes that wait for the clients of these sessions. */
  readonly detachedBytes: number;
  /** Milliseconds since the host was made. */
  readonly uptime: number;
}

/** A host, as its health checks see it. */
export interface Healthy {
  health(): HostHealth;
}

/** The paths of a host's health. A path that is `false` isn't served. */
export interface HealthPaths {
  /** Answers 200 as long as the process answers at all. Default `"/health"`. */
  readonly healthPath?: string | false | undefined;
  /** Answers 200 while the host accepts sessions, and 503 from then on. Default `"/ready"`. */
  readonly readyPath?: string | false | undefined;
}

/** An answer about a host's health. */
export interface HealthAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The answer to a request for a host's health; `undefined` for any other path. It takes the same
 * time however many sessions there are, and tells no numbers.
 *
 * @param method the request's method
 * @param url the request's URL, or its path and query
 */
export function healthAnswer(
  host: Healthy,
  method: string | undefined,
  url: string,
  { healthPath = "/health", readyPath = "/ready" }: HealthPaths = {},
): HealthAnswer | undefined {
  const path = pathOf(url);
  if (path !== healthPath && path !== readyPath) return undefined;
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, headers: { ...HEADERS, Allow: "GET, HEAD" }, body: "" };
  }
  const { status, isReady } = host.health();
  const isAvailable = path === healthPath || isReady;
  const body = method === "HEAD" ? "" : `{"status":"${status}"}\n`;
  return { status: isAvailable ? 200 : 503, headers: HEADERS, body };
}

const HEADERS = {
  "Content-Type": "application/json",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};

/**
 * Answers a request for a host's health in a server that speaks `Request` and `Response`.
 *
 * @returns `undefined` for any other path
 *
 * @example
 * ```ts
 * Deno.serve((request) => answerHealth(host, request) ?? handler(request));
 * ```
 */
export function answerHealth(
  host: Healthy,
  request: Request,
  paths?: HealthPaths,
): Response | undefined {
  const answer = healthAnswer(host, request.method, request.url, paths);
  return answer && new Response(answer.body, { status: answer.status, headers: answer.headers });
}

/** The path of a URL, or of a path and query. */
export function pathOf(url: string): string {
  const origin = /^[a-z]+:\/\/[^/?#]*/i.exec(url)?.[0] ?? "";
  const path = /^[^?#]*/.exec(url.slice(origin.length))![0];
  return path === "" ? "/" : path;
}
