import type { Transport } from "@capnweb/core";
import { SetupError } from "./errors.ts";
import type { ConnectOptions, OpenContext } from "./options.ts";

/** The names of errors of mistakes in a program. */
const MISTAKES = /^(Type|Reference|Syntax|Security)Error$/;

/** The codes of errors of URLs that aren't any, and of runtimes without the medium. */
const CODES = /^(ERR_INVALID_URL|WEBSOCKET_URL|NO_WEBSOCKET|NO_WEBTRANSPORT)$/;

const NO_TRANSPORT = "it returned no transport, such as webSocketTransport(url, { signal })";

/**
 * Opens a connection.
 *
 * @throws SetupError for a mistake, because of which each further attempt would fail too
 * @throws the error of `open`
 */
export async function openWith(
  open: ConnectOptions["open"],
  context: OpenContext,
): Promise<Transport> {
  let isThrown = true;
  let transport: Transport | undefined;
  try {
    const opening = open(context);
    isThrown = false;
    transport = await opening;
  } catch (error) {
    throw isMistake(error, isThrown) ? new SetupError("open()", error) : error;
  }
  if (!isTransport(transport)) throw new SetupError("open()", new TypeError(NO_TRANSPORT));
  return transport;
}

/** False for a WebSocket, which can only send, and for a stub, which seems to have every method. */
function isTransport(value: any): value is Transport {
  if (typeof value !== "object") return false;
  return typeof (value?.start ?? value?.receive) === "function";
}

/**
 * @param isThrown true if `open` threw it. A promise of it rejects for the failures of a network
 *   too, which `fetch` tells with a `TypeError`, for instance
 */
function isMistake(error: any, isThrown: boolean): boolean {
  if (CODES.test(error?.code)) return true;
  // A class of the platform, such as WebSocket, throws one for its arguments.
  return (isThrown || error instanceof DOMException) && MISTAKES.test(error?.name);
}
