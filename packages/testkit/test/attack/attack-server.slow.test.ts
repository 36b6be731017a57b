import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { freePort } from "../../../../scripts/free-port.mjs";
import { bundleProgram } from "../../../../testing/bundle-program.ts";
import { type AttackOptions, attackServer } from "../../src/attack/index.ts";

const program = bundleProgram(
  new URL("fake-server.ts", import.meta.url),
  fileURLToPath(new URL("../../node_modules/.programs/", import.meta.url)),
);

/** Milliseconds that a call may take on a machine under load without counting as hurt. */
const PATIENT = 20_000;

/**
 * Attacks a fake server of a mode.
 *
 * @returns verdicts and reasons by id
 */
async function attacked(mode: string, only: readonly string[], options: AttackOptions = {}) {
  const port = await freePort();
  const url = `127.0.0.1:${port}/`;
  const results = await attackServer([`ws://${url}`], {
    only,
    seconds: 10,
    slowest: PATIENT,
    wait: 30,
    start: `"${process.execPath}" "${program}" ${port} ${mode}`,
    memoryUrl: `http://${url}memory`,
    ...options,
  });
  return Object.fromEntries(
    results.map(({ id, verdict, reasons }) => [id, [verdict, ...reasons].join(": ")]),
  );
}

test.concurrent("a server that ends every attacker's session counts as held", async () => {
  const only = ["A01", "A13", "B06", "C13", "D02", "E14", "E15", "F10", "F18", "F20", "G07", "H01"];
  const results = await attacked("stubborn", only);
  expect(results).toEqual(Object.fromEntries(only.map((id) => [`ATK-${id}`, "held"])));
});

test.concurrent("an attack on a part that the server lacks isn't applicable", async () => {
  expect(await attacked("stubborn", ["A03", "C03", "I01"])).toEqual({
    "ATK-A03": "not applicable: the server has no http",
    "ATK-C03": "not applicable: the server has no hang",
    "ATK-I01": "not applicable: the server has no http2",
  });
});

test.concurrent("a server whose event loop is blocked counts as hurt, and the next attack has a new server", async () => {
  const results = await attacked("blocking", ["A01", "F20"], { slowest: 500 });
  expect(results["ATK-A01"]).toMatch(
    /^hurt: the server doesn't answer any more: a call of the victim/,
  );
  expect(Object.keys(results)).toEqual(["ATK-A01", "ATK-F20"]);
  expect(results["ATK-F20"]).not.toContain("not run");
});

test.concurrent("a server whose process ends during an attack counts as hurt", async () => {
  expect(await attacked("ending", ["C01"])).toEqual({
    "ATK-C01": "hurt: the server's process ended (exit code 3)",
  });
});

test.concurrent("a server that keeps memory after an attack counts as hurt", async () => {
  expect(await attacked("leaking", ["A07"])).toEqual({
    "ATK-A07": expect.stringMatching(/^hurt: \d+00 MB aren't given back$/),
  });
});

test.concurrent("a server that loses another client during an attack counts as hurt", async () => {
  expect(await attacked("losing", ["A14"])).toEqual({
    "ATK-A14": expect.stringMatching(/^hurt: the victim was lost: closed: 1006/),
  });
});

test.concurrent("a server that answers pages of other sites, or keeps dropped stubs, counts as hurt", async () => {
  expect(await attacked("trusting", ["G07", "H01", "H04"])).toEqual({
    "ATK-G07": "hurt: 100 of 100 stubs are never released",
    "ATK-H01": "hurt: the call was answered",
    "ATK-H04": "hurt: the call was answered",
  });
});

// Other systems have only one loopback address by default.
test.runIf(process.platform === "linux")(
  "a server that refuses every attacker counts as not attacked, unless refusal is the point",
  async () => {
    expect(await attacked("exclusive", ["A01", "H01"])).toEqual({
      "ATK-A01": "not run: the server refused every connection of the attacker's",
      "ATK-H01": "held",
    });
  },
);

test.concurrent("no attack begins once the total time is over", async () => {
  expect(await attacked("stubborn", ["H01"], { total: 0 })).toEqual({
    "ATK-H01": "not run: the time for all attacks was over",
  });
});

test.concurrent("attackServer refuses servers of other machines, unless isOwnServer is set", async () => {
  await expect(attackServer(["ws://example.com/"])).rejects.toMatchObject({
    code: "NOT_YOUR_HOST",
    message: expect.stringContaining("--i-own-this-server"),
  });
  await expect(attackServer(["ws://127.0.0.1.example.com/"])).rejects.toMatchObject({
    code: "NOT_YOUR_HOST",
  });
});

test.concurrent("attackServer says so if no server answers", async () => {
  const url = `ws://127.0.0.1:${await freePort()}/`;
  await expect(attackServer([url], { wait: 0 })).rejects.toMatchObject({ code: "NO_SERVER" });
});
