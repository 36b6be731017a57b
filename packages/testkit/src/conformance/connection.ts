/** A way to exchange messages with the peer under test, as text. */
export interface Connection {
  send(text: string): void;
  close(): void;
}

/** Who hears what comes over a connection. */
export interface ConnectionListener {
  message(text: string): void;
  closed(reason: string): void;
}
