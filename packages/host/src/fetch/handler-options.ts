import { checkOptions, type OptionRules, optionRules } from "@capnweb/core/options";
import type { SubprotocolOptions, WebSocketOptions } from "@capnweb/transport-ws";
import { checkHost } from "../check-host.ts";
import type { RpcHost } from "../host.ts";
import { inHost, SERVE_RULES } from "../option-rules.ts";
import type { RouteOptions } from "./routes.ts";

/**
 * Options of `newHostHandler` and `newBunHostHandler`.
 *
 * @typeParam Context the further arguments of the handler
 * @typeParam S the options of the WebSockets
 */
export interface HostHandlerOptions<
  Context extends unknown[] = unknown[],
  S = WebSocketOptions & SubprotocolOptions,
> extends Omit<RouteOptions<Context>, "addressOf"> {
  /** The path of WebSockets and batches. Default `"/"`. */
  readonly path?: string | undefined;
  /** Options of the WebSockets; `false` for none. */
  readonly webSocket?: S | false | undefined;
  /**
   * The client's address, for servers behind proxies: for example,
   * `(request) => request.headers.get("x-real-ip") ?? undefined`. Use a header only if the proxy
   * sets it. Default: the address of the TCP connection in Bun and Deno; in Workers the header
   * `CF-Connecting-IP`.
   */
  readonly addressOf?: RouteOptions<Context>["addressOf"] | undefined;
}

const RULES: OptionRules<HostHandlerOptions> = {
  ...SERVE_RULES,
  fallback: optionRules.function,
};

/** @throws TypeError for a value that isn't a host, an unknown option, and a wrong value */
export function checkHandler(where: string, host: RpcHost<any, any>, options: object): void {
  checkHost(where, host);
  checkOptions(where, options, RULES, inHost);
}
