import type { RpcSessionOptions, Transport } from "@capnweb/core";
import type { Accepted, Admitted, CloseMedium } from "@capnweb/core/server";
import type { KeptConnection } from "./resumption.ts";

/** A client that a host has admitted. */
export interface HostedAdmission extends Admitted {
  /** The facts that `authorize` gave. */
  readonly accepted: Accepted;

  /**
   * Starts the client's session, as {@link Admitted.serve} does.
   *
   * @param kept the facts about a connection that outlives the memory of its process
   */
  serve(
    transport: Transport,
    options: RpcSessionOptions,
    close: CloseMedium,
    kept?: KeptConnection,
  ): void;
}
