import type { Implementation } from "../implementation.ts";

/** A transport's description of itself, for the tests. */
export interface TransportSetup {
  /** The classes of the sessions that `setup` makes. */
  readonly implementation: Implementation;
  /** The transport's features. Tests that need others are left out. Default: all but `"cut"`. */
  readonly features?: readonly TransportFeature[] | undefined;
  /**
   * Milliseconds that each test may take, and likewise its `setup` and `stop`. Default 10,000. A
   * test that takes longer fails, and names the event that it waited for.
   */
  readonly timeout?: number | undefined;
  /** Starts a server on the transport. Called for every test. The test stops the server. */
  setup(server: ServedApplication): Promise<TransportFixture> | TransportFixture;
}

/**
 * - `"sessions"`: a connection lasts for more than one exchange, and the server can call the
 *   client.
 * - `"cut"`: the fixture can break connections; see {@link TransportFixture.cut}.
 */
export type TransportFeature = "sessions" | "cut";

/** The application that the server has to offer. */
export interface ServedApplication {
  /** Makes the main object of a connection. Call it once per connection. */
  createMain(): object;
}

/** A running server, and the way for a client to reach it. */
export interface TransportFixture {
  /**
   * Makes a connection.
   *
   * @param localMain the client's main object
   * @returns the stub of the server's main object
   */
  connect(localMain?: unknown): any;
  /** Breaks every connection, as a network failure does. */
  cut?(): void;
  /** Stops the server, and closes every connection. */
  stop(): Promise<void> | void;
}

/** A test for any test runner. */
export interface ComplianceTest {
  /** The test's title. */
  readonly name: string;
  /**
   * Runs the test.
   *
   * @throws the failure, if the transport breaks a rule
   */
  run(): Promise<void>;
}
