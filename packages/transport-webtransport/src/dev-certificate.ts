/**
 * Certificates for development, which a page on the same computer trusts by their hash. Needs
 * `selfsigned`, an optional peer dependency of this entry alone.
 *
 * @packageDocumentation
 */
import { generate } from "selfsigned";
import type { CertificateHash } from "./shapes.ts";

export type { CertificateHash } from "./shapes.ts";

/** A self-signed certificate. */
export interface DevCertificate {
  /** The certificate, in PEM. */
  readonly cert: string;
  /** Its private key, in PEM (PKCS #8). */
  readonly privKey: string;
  /** The hash that clients list in `serverCertificateHashes`. */
  readonly hash: CertificateHash;
  /** The time by which another certificate must replace it. */
  readonly expires: Date;
}

const HOUR = 3_600_000;

/** The W3C lets clients trust a certificate by its hash if it is valid for at most two weeks. */
const VALIDITY = 13 * 24 * HOUR;

/**
 * Makes a certificate that browsers and Node trust by its hash, without the signature of an
 * authority. It has a P-256 key, and is valid for 13 days from now. Use it for development and
 * tests; in production, use a certificate of an authority.
 *
 * @param hosts the names and addresses of the server
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
      // The clock of another computer may be slow.
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
