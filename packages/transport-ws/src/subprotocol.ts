/** The subprotocols of a server's WebSockets. */
export interface SubprotocolOptions {
  /**
   * The subprotocols that the server accepts (`Sec-WebSocket-Protocol`), the preferred one first.
   * Each WebSocket gets the first of them that its client offers. A browser closes a WebSocket that
   * gets none of those that its page offered. Default: the first one that the client offers.
   */
  subprotocols?: readonly string[] | undefined;
}

/**
 * Chooses the subprotocol of a WebSocket.
 *
 * @param offered those that the client offers, the preferred one first
 * @returns `undefined` for none
 */
export function chooseSubprotocol(
  offered: Iterable<string>,
  { subprotocols }: SubprotocolOptions,
): string | undefined {
  const names = [...offered];
  return subprotocols ? subprotocols.find((each) => names.includes(each)) : names[0];
}

/** The header with the subprotocols that a client offers, and with the one that it gets. */
export const SUBPROTOCOL_HEADER = "Sec-WebSocket-Protocol";

/** Chooses the subprotocol of a standard `Request` for a WebSocket. */
export function subprotocolFor(
  { headers }: Request,
  options: SubprotocolOptions,
): string | undefined {
  const offered = headers.get(SUBPROTOCOL_HEADER)?.split(",") ?? [];
  return chooseSubprotocol(
    offered.map((each) => each.trim()),
    options,
  );
}
