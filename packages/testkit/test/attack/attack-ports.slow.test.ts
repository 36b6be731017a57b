import { afterEach, expect, test, vi } from "vitest";
import { attackServer } from "../../src/attack/index.ts";

const module = new URL("fake-ports.ts", import.meta.url).href;

afterEach(() => {
  vi.unstubAllEnvs();
});

/**
 * Attacks ports that are served in a mode.
 *
 * @returns verdicts and reasons by id
 */
async function attacked(mode: string, only: readonly string[], slowest = 20_000) {
  vi.stubEnv("FAKE_PORTS", mode);
  const options = { only, slowest, seconds: 5, wait: 30, repeat: 0 };
  const results = await attackServer([module], options);
  return Object.fromEntries(
    results.map(({ id, verdict, reasons }) => [id, [verdict, ...reasons].join(": ")]),
  );
}

test("attacks on a thread that serves ports run, and those that need a network aren't applicable", async () => {
  expect(await attacked("sound", ["A01", "A25", "D02", "F03", "H01"])).toEqual({
    "ATK-A01": "held",
    "ATK-A25": "held",
    "ATK-D02": "not applicable: the server has no network",
    "ATK-F03": "not applicable: the server has no sockets",
    "ATK-H01": "not applicable: the server has no network",
  });
});

test("a thread that ends during an attack counts as hurt, and the next attack has a new thread", async () => {
  expect(await attacked("exiting", ["A01", "A26"])).toEqual({
    "ATK-A01": "hurt: the server's process ended (its thread exited with code 3)",
    "ATK-A26": "held",
  });
});

test("a process that ends with its threads counts as hurt, and the next attack has a new process", async () => {
  expect(await attacked("dying", ["A01", "A26"])).toEqual({
    "ATK-A01": "hurt: the server's process ended (SIGKILL)",
    "ATK-A26": "held",
  });
});

test("a thread that is blocked during an attack counts as hurt", async () => {
  const results = await attacked("blocking", ["A01"], 500);
  expect(results["ATK-A01"]).toMatch(/^hurt: the server doesn't answer any more: a call of/);
});

test("attackServer names the module that can't be loaded", async () => {
  const missing = new URL("no-such-module.ts", import.meta.url).href;
  await expect(attackServer([missing], { wait: 0 })).rejects.toMatchObject({
    code: "NO_SERVER",
    message: expect.stringContaining("no-such-module.ts"),
  });
});
