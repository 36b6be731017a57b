import type { ContractMethod, ContractName } from "./contract.ts";

/** The known facts about a server under attack. They travel between processes as JSON. */
export interface Target {
  /** The `ws:` or `wss:` URL, if the server accepts WebSockets there. */
  readonly ws?: string | undefined;
  /** The `https:` URL, if the server accepts WebTransport over HTTP/2 there. */
  readonly wt?: string | undefined;
  /** The `file:` URL of the module that serves ports, if it is a thread of this process. */
  readonly port?: string | undefined;
  /** The `http:` or `https:` URL, if the server answers batches there. */
  readonly http?: string | undefined;
  /**
   * The `http:` or `https:` URL, if the server speaks HTTP/2 there: without TLS, or chosen by ALPN.
   */
  readonly http2?: string | undefined;
  /** True if the server takes several messages in one text. */
  readonly frames: boolean;
  /** The contract's methods that the server has an equivalent of. */
  readonly methods: readonly ContractMethod[];
  readonly contract: ContractName;
  /** The address to attack from, so that limits per address spare the victim. */
  readonly localAddress?: string | undefined;
}

/** An endpoint's host, port, and path. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly tls: boolean;
  /** Host and port, in the form of the `Host` header. */
  readonly authority: string;
}

/** Parses a URL. */
export function placeOf(url: string): Place {
  const { hostname, host, port, protocol, pathname, search } = new URL(url);
  const tls = protocol === "wss:" || protocol === "https:";
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (tls ? 443 : 80) : Number(port),
    path: pathname + search,
    tls,
    authority: host,
  };
}

/** True if a URL is that of a module that serves ports. */
export function isModule(url: string): boolean {
  return url.startsWith("file:");
}

/** True if a URL leads to this machine. */
export function isLoopback(url: string): boolean {
  if (isModule(url)) return true;
  const { host } = placeOf(url);
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
