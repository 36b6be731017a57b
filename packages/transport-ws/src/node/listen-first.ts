/** The part of an emitter that {@link listenFirst} needs. */
export interface ListenableServer {
  on(event: any, listener: (...args: any[]) => void): unknown;
  off(event: any, listener: (...args: any[]) => void): unknown;
  listenerCount(event: any): number;
  rawListeners(event: any): unknown[];
}

/**
 * Listens to an event of a server before the listeners that it has. An emitter calls all of its
 * listeners, and none of them can keep an event from the others. So this one takes their place, and
 * calls them for the events that it leaves to them. Listeners that are added later get every event.
 *
 * @param take handles an event, or returns false to leave it to the other listeners
 * @param otherwise handles an event that is left to others, if there are none
 * @returns a function that stops listening, and puts the other listeners back. Idempotent
 *
 * @example
 * ```ts
 * const stop = listenFirst(server, "request", takeRequest, (_request, response) => {
 *   response.writeHead(404).end();
 * });
 * ```
 */
export function listenFirst<Args extends unknown[]>(
  server: ListenableServer,
  event: string,
  take: (...args: Args) => boolean,
  otherwise: (...args: Args) => void,
): () => void {
  let isListening = true;
  const others = server.rawListeners(event) as ((...args: unknown[]) => void)[];
  const listener = (...args: any[]) => {
    if (isListening && take(...(args as Args))) return;
    for (const other of others) Reflect.apply(other, server, args);
    if (others.length === 0 && server.listenerCount(event) === 1) otherwise(...(args as Args));
  };
  for (const other of others) server.off(event, other);
  server.on(event, listener);
  return () => {
    if (!isListening) return;
    isListening = false;
    // Code that has listened first later calls this listener, which then only calls the others.
    if (!server.rawListeners(event).includes(listener)) return;
    server.off(event, listener);
    for (const other of others) server.on(event, other);
  };
}
