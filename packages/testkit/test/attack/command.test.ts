import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runCommand } from "../../src/cli/run-command.ts";

let output = "";
beforeEach(() => {
  output = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      output += text;
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  [[], "Say which server to attack"],
  [["ftp://example.com"], "Say which server to attack"],
  [["ws://"], "Say which server to attack"],
  [["ws://a", "http://b", "http://c"], "Say which server to attack"],
  [["ws://127.0.0.1/", "--only", "nonsense"], "No attack was selected."],
  [["ws://127.0.0.1/", "--seconds", "many"], "--seconds has to be a number."],
  [["ws://127.0.0.1/", "--format", "poem"], "There is no format poem."],
  [["ws://127.0.0.1/", "--nonsense"], "nonsense"],
  [["ws://127.0.0.1/", "http://example.com/"], "--i-own-this-server"],
])(
  "the attack command explains a wrong call, and attacks nothing: %j",
  async (args, explanation) => {
    expect(await runCommand(["attack", ...args])).toBe(2);
    expect(output).toContain(explanation);
  },
);

test("the attack command lists attacks with their kinds", async () => {
  expect(await runCommand(["attack", "--list", "--only", "B"])).toBe(0);
  const lines = output.trim().split("\n");
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(line).toMatch(/^ATK-B\d\d {2}.*\. {2}\[cycles\]$/);
});

test("the attack command exits with 1 if no server answers", async () => {
  expect(await runCommand(["attack", "ws://127.0.0.1:1/", "--wait", "0"])).toBe(1);
  expect(output).toContain("No Cap'n Web server answers at ws://127.0.0.1:1/.");
});
