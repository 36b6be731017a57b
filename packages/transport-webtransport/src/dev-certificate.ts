/**
 * Certificates for development: what a page on this computer trusts by its hash. Needs
 * `selfsigned`, an optional peer dependency of this entry alone.
 *
 * @packageDocumentation
 */
import { generate } from "selfsigned";
import type { CertificateHash } from "./shapes.ts";

export type { CertificateHash } from "./shapes.ts";

/** A certificate of one's own making. */
export interface DevCertificate {
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS #8. */
  readonly privKey: string;
  /** What clients name in `serverCertificateHashes`. */
  readonly hash: CertificateHash;
  /** When it has to be replaced by another. */
  readonly expires: Date;
}

const HOUR = 3_600_000;

/** The W3C lets certificates be trusted by their hash if they are valid for at most two weeks. */
const VALIDITY = 13 * 24 * HOUR;

/**
 * Makes a certificate that browsers and Node trust by its hash, without any authority having signed
 * it: of a P-256 key, valid for 13 days from now. For development and tests; in production use a
 * certificate of an authority.
 *
 * @param hosts the names and addresses that it is for
 *
 * @example
 * ```ts
 * const { cert, privKey, hash } = await createDevCertificate();
 * await serveWebTransportRpc({ port: 4433, cert, privKey }, () => new Api());
 * const api = newWebTransportRpcSession<Api>("https://localhost:4433/", undefined, {
 *   serverCertificateHashes: [hash],
 * });
 * ```
 */
export async function createDevCertificate(
  hosts: readonly string[] = ["localhost", "127.0.0.1", "::1"],
): Promise<DevCertificate> {
  const expires = new Date(Date.now() + VALIDITY);
  const { cert, private: privKey } = await generate(
    [{ name: "commonName", value: hosts[0] ?? "localhost" }],
    {
      keyType: "ec",
      curve: "P-256",
      algorithm: "sha256",
      // The clock of another computer may be behind.
      notBeforeDate: new Date(Date.now() - HOUR),
      notAfterDate: expires,
      extensions: [{ name: "subjectAltName", altNames: hosts.map(altName) }],
    },
  );
  const value = new Uint8Array(await crypto.subtle.digest("SHA-256", derOf(cert)));
  return { cert, privKey, hash: { algorithm: "sha-256", value }, expires };
}

const DNS_NAME = 2;
const IP_ADDRESS = 7;

function altName(host: string) {
  return /^[\d.]+$|:/.test(host)
    ? ({ type: IP_ADDRESS, ip: host } as const)
    : ({ type: DNS_NAME, value: host } as const);
}

/** The bytes in a PEM block. */
function derOf(pem: string): Uint8Array<ArrayBuffer> {
  const base64 = pem.replace(/-----[^-]+-----|\s/g, "");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
