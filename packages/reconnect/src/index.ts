/**
 * Cap'n Web connections that come back.
 *
 * @packageDocumentation
 */

export type { Execution } from "@capnweb/core/following";
export type { KeptOptions, KeptToken } from "@capnweb/durable/client";
export type { Clock } from "./clock.ts";
export { connect, connectPool } from "./connect.ts";
export type { Connection } from "./connection.ts";
export {
  ConnectionClosedError,
  ConnectionError,
  ConnectionLostError,
  DerivationError,
  OfflineError,
  OpenTimeoutError,
  SetupError,
  UnansweredError,
} from "./errors.ts";
export type { OfflineOptions } from "./offline-calls.ts";
export type {
  BackoffOptions,
  ConnectOptions,
  FailedAttempt,
  HealthOptions,
  OpenContext,
} from "./options.ts";
export type { ConnectionPool, PoolOpenContext, PoolOptions } from "./pool.ts";
export type { RetryBudgetOptions } from "./retry-budget.ts";
export {
  type ConnectionState,
  ConnectionStateEvent,
  type Outcome,
  type StateChange,
} from "./state.ts";
