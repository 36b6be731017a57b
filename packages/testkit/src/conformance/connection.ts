/** A connection to the peer under test, which carries messages as text. */
export interface Connection {
  send(text: string): void;
  close(): void;
  /**
   * Checks the peer's part below the messages, such as its answers to pings.
   *
   * @param timeout milliseconds that the peer has
   * @throws ConformanceError if it doesn't do its part
   */
  check?(timeout: number): Promise<void>;
}

/** The receiver of a connection's messages. */
export interface ConnectionListener {
  message(text: string): void;
  closed(reason: string): void;
}
