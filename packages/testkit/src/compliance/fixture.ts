import type { Implementation } from "../implementation.ts";

/** What a transport's own test file says about it. */
export interface TransportSetup {
  /** The classes that the sessions of `setup` are made of. */
  readonly implementation: Implementation;
  /** What the transport can do; what it can't isn't tested. Default: everything but `"cut"`. */
  readonly features?: readonly TransportFeature[] | undefined;
  /**
   * Milliseconds that each test may take, and its `setup` and `stop`. Default 10,000. A test that
   * takes longer fails, and says what it waited for.
   */
  readonly timeout?: number | undefined;
  /** Starts a server on the transport. Called for every test, stopped after it. */
  setup(server: ServedApplication): Promise<TransportFixture> | TransportFixture;
}

/**
 * - `"sessions"`: a connection lasts for more than one exchange, and the server can call the
 *   client.
 * - `"cut"`: the fixture can break connections; see {@link TransportFixture.cut}.
 */
export type TransportFeature = "sessions" | "cut";

/** What the server has to offer. */
export interface ServedApplication {
  /** Makes the main object of a connection; one for each. */
  createMain(): object;
}

/** A running server, and how a client reaches it. */
export interface TransportFixture {
  /** Makes a connection. @returns the stub of the server's main object */
  connect(localMain?: unknown): any;
  /** Breaks every connection, as a network that goes away does. */
  cut?(): void;
  stop(): Promise<void> | void;
}

/** A test, for whatever runs tests. */
export interface ComplianceTest {
  readonly name: string;
  /** Throws what is wrong. */
  run(): Promise<void>;
}
