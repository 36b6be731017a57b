import { beforeAll, describe, expect, it } from "vitest";
import { runExample } from "../../../testing/run-example.ts";

/** The results of the steps, and the line below each, by the heading above them and the title. */
const parts = new Map<string, Map<string, { result: unknown; note: string }>>();

beforeAll(async () => {
  let steps = new Map<string, { result: unknown; note: string }>();
  const lines = await runExample(import.meta.url);
  for (const [i, line] of lines.entries()) {
    if (/^\S.*:$/.test(line)) {
      steps = new Map();
      parts.set(line.replace(/ \(\w+:\/\/.*\):$/, ""), steps);
    } else if (/^ {2}\S/.test(line)) {
      const result = JSON.parse(lines[i + 1]!.replace("    -> ", ""));
      steps.set(line.trim(), { result, note: lines[i + 2]!.trim() });
    }
  }
});

describe.each([
  "Over a WebSocket, in one session",
  "Over WebTransport, in one session",
  "Over HTTP, a batch for each step",
])("%s", (part) => {
  it("takes one round trip for dependent calls, and for a map()", () => {
    expect(parts.get(part)!.get("three dependent calls")).toMatchObject({
      result: "Diary, page 3, by ada",
      note: expect.stringMatching(/, 1 round trip$/),
    });
    expect(parts.get(part)!.get("map over a remote list")).toMatchObject({
      result: [1, 2, 3, 4].map((page) => `Atlas, page ${page}, by ada`),
      note: expect.stringMatching(/, 1 round trip$/),
    });
  });

  it("calls back", () => {
    const titles = [...parts.get(part)!.keys()];
    const title = titles.find((each) => each.startsWith("a callback"))!;
    expect(parts.get(part)!.get(title)!.result).toEqual({
      result: "backed up",
      progress: [25, 50, 100],
    });
  });
});

describe("through a proxy that cuts connections", () => {
  it("resumes calls, callbacks and streams", () => {
    const steps = parts.get("Through a proxy that cuts WebSockets in the middle of a message")!;
    const cut = [...steps].filter(([title]) => title.includes(", cut within"));
    expect(cut).toHaveLength(4);
    for (const [, { note }] of cut) expect(note).toBe("interrupted, open (resumed)");
    expect(steps.get("a stream, cut within its pages")!.result).toEqual(
      [1, 2, 3, 4].map((page) => `Diary, page ${page}, by ada`),
    );
  });

  it("restores a notebook after a restart, without a login", () => {
    const steps = parts.get("Through a proxy that cuts WebSockets in the middle of a message")!;
    expect(steps.get("a call while the server restarts, on a notebook from before")).toEqual({
      result: { text: "Diary, page 4, by ada", logins: 0 },
      note: "interrupted, open (restored)",
    });
  });
});
