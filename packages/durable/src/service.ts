/** The service that the halves of the handshake agree on (docs/durable.md, "Clients"). */

/** The name of the property of main objects under which clients find the service. */
export const SERVICE = "$durable";

/** The code of the error for a token that never works again. */
export const REFUSED = "DURABLE_REFUSED";

/** The code of the error for a token that may work later. */
export const UNAVAILABLE = "DURABLE_UNAVAILABLE";

/** A token for a client. */
export interface OfferedToken {
  readonly token: string;
  /** Milliseconds until it expires. */
  readonly expiresIn: number;
}
