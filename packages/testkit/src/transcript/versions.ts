/**
 * The versions of the protocol, from the oldest to the newest: the minor versions that the
 * reference published.
 */
export const PROTOCOL_VERSIONS = [
  "0.1",
  "0.2",
  "0.4",
  "0.5",
  "0.6",
  "0.7",
  "0.8",
  "0.10",
  "0.11",
  "0.12",
] as const;

/** A version of the protocol. */
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** True if an implementation of version `of` has everything that came with version `since`. */
export function includesVersion(of: ProtocolVersion, since: ProtocolVersion): boolean {
  return PROTOCOL_VERSIONS.indexOf(since) <= PROTOCOL_VERSIONS.indexOf(of);
}
