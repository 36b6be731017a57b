/** The attacker's own figures of one attack. */
export interface Figures {
  /** The number of connections opened. */
  opened: number;
  /** The number of connections that the server refused. */
  refused: number;
  /** The ways in which the server ended connections, with the number of times each was seen. */
  readonly closed: Record<string, number>;
  /** Bytes sent, without the overhead of frames. */
  sent: number;
  /** Bytes received, without the overhead of frames. */
  received: number;
}

/** Figures of an attack that hasn't begun. */
export function noFigures(): Figures {
  return { opened: 0, refused: 0, closed: {}, sent: 0, received: 0 };
}

/** The number of different endings to keep apart. All others count as one. */
const MOST_WAYS = 8;

/** Notes that the server ended a connection. */
export function noteClosed({ closed }: Figures, way: string): void {
  // Reasons quote the attacker's messages, and a terminal obeys control characters.
  const text = way.slice(0, 160).replace(/[^\x20-\x7e]/g, "?");
  const isKnown = Object.hasOwn(closed, text) || Object.keys(closed).length < MOST_WAYS;
  const name = isKnown ? text : "otherwise";
  closed[name] = (closed[name] ?? 0) + 1;
}
