import { describe, expect, test } from "vitest";
import { Admission, checkAccess } from "../src/server/index.ts";

const request = (headers: { origin?: string; host?: string; fetchSite?: string }) => ({
  origin: headers.origin,
  host: headers.host ?? "example.com",
  fetchSite: headers.fetchSite,
});

describe("the option origins", () => {
  test.each([
    ["a program that isn't a browser", {}],
    ["a page of the same origin", { origin: "https://example.com" }],
    ["a page on another port", { origin: "http://example.com:5173", host: "example.com:8080" }],
    ["a host written in capitals", { origin: "https://example.com", host: "EXAMPLE.com" }],
    ["an IPv6 address", { origin: "http://[::1]:3000", host: "[::1]:8080" }],
    [
      "a sibling, by the browser's word",
      { origin: "https://a.example.com", fetchSite: "same-site" },
    ],
  ])("accepts, as same-site: %s", (_name, headers) => {
    expect(checkAccess(request(headers), {})).toBeUndefined();
  });

  test.each([
    ["a page of another host", { origin: "https://evil.example" }],
    ["a page of a host with the same ending", { origin: "https://evil-example.com" }],
    ["a sandboxed page", { origin: "null" }],
    ["a word that browsers don't say", { origin: "https://example.com", fetchSite: "Cross-Site" }],
    ["two words", { origin: "https://example.com", fetchSite: "none, cross-site" }],
    ["an empty host", { origin: "file://", host: ":80" }],
    ["what only looks like an origin", { origin: "https://evil.example@example.com" }],
    [
      "another site, by the browser's word",
      { origin: "https://example.com", fetchSite: "cross-site" },
    ],
    [
      "a host that hides the origin's in its user name",
      { origin: "https://example.com@evil.example" },
    ],
  ])("refuses, as same-site: %s", (_name, headers) => {
    const refusal = checkAccess(request(headers), {});
    expect(refusal).toMatchObject({ code: "ACCESS", status: 403 });
    expect(refusal?.message).toContain('"origins" option');
  });

  test("as a list, accepts these origins besides the same site", () => {
    const options = { origins: ["https://app.example"] };
    expect(checkAccess(request({ origin: "https://app.example" }), options)).toBeUndefined();
    expect(checkAccess(request({ origin: "https://example.com" }), options)).toBeUndefined();
    expect(checkAccess(request({ origin: "https://other.example" }), options)).toBeDefined();
  });

  test("as a function, decides alone", () => {
    const options = { origins: (origin: string) => origin.endsWith(".example") };
    expect(checkAccess(request({ origin: "https://app.example" }), options)).toBeUndefined();
    expect(checkAccess(request({ origin: "https://example.com" }), options)).toBeDefined();
  });
});

test("the option hosts refuses other names that lead to the server", () => {
  const options = { hosts: ["Example.com"] };
  expect(checkAccess(request({ host: "example.com:8080" }), options)).toBeUndefined();
  for (const host of ["rebound.example", "example.com.evil.example", ""]) {
    const refusal = checkAccess(request({ host }), options);
    expect(refusal).toMatchObject({ code: "ACCESS", status: 421 });
    expect(refusal?.message).toContain('"hosts" option');
  }
});

describe("admission", () => {
  test.each([
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true],
    ["2001:DB8:1:2:0:0:0:1", "2001:db8:1:2::", true],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
    ["fe80::1%eth0", "fe80::2", true],
    ["::1", "::2", true],
    ["64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2", true],
    ["::ffff:192.0.2.1", "192.0.2.1", true],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.2", false],
    ["192.0.2.1", "192.0.2.2", false],
    ["1::2::3", "1::2::4", false],
    ["1:2:3", "1:2:4", false],
    ["user:1", "user:2", false],
    ["", "::", false],
  ])("counts %s and %s as one client: %s", (one, other, isOne) => {
    const admission = new Admission({ maxSessionsPerAddress: 1 });
    const leave = admission.enter(one);
    if (isOne) expect(() => admission.enter(other)).toThrow("maxSessionsPerAddress");
    else admission.enter(other);
    leave();
    if (isOne) admission.enter(other);
  });

  test("counts sessions in total and of each address", () => {
    const admission = new Admission({ maxSessions: 3, maxSessionsPerAddress: 2 });
    const leave = admission.enter("a");
    admission.enter("a");
    expect(() => admission.enter("a")).toThrow(/maxSessionsPerAddress/);
    admission.enter("b");
    expect(() => admission.enter("c")).toThrow(/maxSessions\b/);
    leave();
    leave();
    expect(admission.size).toBe(2);
    admission.enter("a");
    expect(() => admission.enter("a")).toThrow(expect.objectContaining({ status: 503 }));
  });
});
