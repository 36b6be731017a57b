import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { createDevCertificate } from "../src/dev-certificate.ts";

const DAY = 24 * 3_600_000;

test("createDevCertificate makes a certificate that browsers trust by its hash", async () => {
  const { cert, hash, expires } = await createDevCertificate();
  const parsed = new X509Certificate(cert);
  expect(parsed.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  const [from, to] = [parsed.validFrom, parsed.validTo].map((text) => Date.parse(text));
  expect(from).toBeLessThan(Date.now());
  expect(to).toBeGreaterThan(Date.now() + 12 * DAY);
  expect(to! - from!).toBeLessThan(14 * DAY);
  expect(Math.abs(expires.getTime() - to!)).toBeLessThan(1000);
  const fingerprint = parsed.fingerprint256.replaceAll(":", "").toLowerCase();
  expect(Buffer.from(hash.value as Uint8Array).toString("hex")).toBe(fingerprint);
  expect(hash.algorithm).toBe("sha-256");
});

test("createDevCertificate names the given hosts and addresses", async () => {
  const { cert, privKey } = await createDevCertificate(["dev.example", "10.0.0.1", "fe80::1"]);
  const parsed = new X509Certificate(cert);
  expect(parsed.checkHost("dev.example")).toBe("dev.example");
  expect(parsed.checkIP("10.0.0.1")).toBe("10.0.0.1");
  expect(parsed.checkIP("fe80::1")).toBeTruthy();
  expect(parsed.checkHost("localhost")).toBe(undefined);
  expect(privKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
});

test("createDevCertificate makes a new certificate each time", async () => {
  const [a, b] = await Promise.all([createDevCertificate(), createDevCertificate()]);
  expect(a.cert).not.toBe(b.cert);
});
