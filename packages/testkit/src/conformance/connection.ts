/** A connection to the peer under test, which carries messages as text. */
export interface Connection {
  send(text: string): void;
  close(): void;
}

/** The receiver of a connection's messages. */
export interface ConnectionListener {
  message(text: string): void;
  closed(reason: string): void;
}
