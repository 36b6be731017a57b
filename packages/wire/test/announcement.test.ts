import { describe, expect, test } from "vitest";
import {
  ANNOUNCEMENT_ID,
  isAnnouncement,
  type Message,
  readAnnouncement,
  writeAnnouncement,
} from "../src/index.ts";

const message = (capnweb: unknown): Message => ["reject", 2 ** 31 - 1, { capnweb }];

describe("an announcement", () => {
  test("is read with its features and limits", () => {
    const limits = { maxMessageSize: 4_194_304, maxFrameSize: 65_536 };
    const announced = message({ features: [["calls", "frames"]], limits });
    expect(isAnnouncement(announced)).toBe(true);
    expect(readAnnouncement(announced)).toEqual({
      features: ["calls", "frames"],
      limits,
      others: {},
    });
  });

  test("keeps features, limits and members that this version doesn't know", () => {
    const capnweb = {
      features: [["teleport"]],
      limits: { maxSpeed: 3 },
      goaway: { after: ["date", 5] },
      resume: "token",
    };
    const announcement = readAnnouncement(message(capnweb))!;
    expect(announcement.features).toEqual(["teleport"]);
    expect(announcement.limits).toEqual({ maxSpeed: 3 });
    expect(announcement.others).toEqual({ goaway: { after: ["date", 5] }, resume: "token" });
    expect(writeAnnouncement(announcement)).toEqual(message(capnweb));
  });

  test("may name no features", () => {
    expect(readAnnouncement(message({ context: { deadline: 5 } }))).toEqual({
      features: undefined,
      limits: undefined,
      others: { context: { deadline: 5 } },
    });
  });

  test.each([
    ["features that are no list", { features: "calls" }],
    ["a huge list of features", { features: new Array(2 ** 32 - 1) }],
    ["limits that are no object", { limits: [5] }],
  ])("is read without %s", (_, capnweb) => {
    expect(readAnnouncement(message(capnweb))).toEqual({
      features: undefined,
      limits: undefined,
      others: {},
    });
  });

  test("is read without names that aren't text, or limits that aren't positive numbers", () => {
    const capnweb = {
      features: ["calls", 5, null, new Array(2 ** 32 - 1), ["frames"]],
      limits: { maxMessageSize: 0, maxFrameSize: "1", maxDepth: -1, maxValues: null, maxWork: 7 },
    };
    const { features, limits } = readAnnouncement(message(capnweb))!;
    expect(features).toEqual(["calls", "frames"]);
    expect(limits).toEqual({ maxWork: 7 });
  });

  test("can't change the prototype of the object that is read", () => {
    const text = `["reject",${ANNOUNCEMENT_ID},{"capnweb":{"__proto__":{"a":1},"limits":{"__proto__":5}}}]`;
    const { limits, others } = readAnnouncement(JSON.parse(text))!;
    for (const each of [limits, others]) {
      expect(Object.getPrototypeOf(each)).toBe(Object.prototype);
    }
    expect((others as { a?: unknown }).a).toBe(undefined);
  });

  test.each<[string, unknown]>([
    ["of another id", ["reject", 1, { capnweb: {} }]],
    ["of a result", ["resolve", 2 ** 31 - 1, { capnweb: {} }]],
    ["of an error", ["reject", 2 ** 31 - 1, ["error", "Error", "m"]]],
    ["of nothing", ["reject", 2 ** 31 - 1, null]],
    ["of a number", ["reject", 2 ** 31 - 1, { capnweb: 1 }]],
  ])("isn't recognised in a message %s", (_, other) => {
    expect(isAnnouncement(other)).toBe(false);
    expect(readAnnouncement(other as Message)).toBe(undefined);
  });

  test("is written in the form that sessions use", () => {
    const limits = { maxMessageSize: 1024, maxFrameSize: Number.POSITIVE_INFINITY };
    expect(JSON.stringify(writeAnnouncement({ features: ["calls"], limits }))).toBe(
      '["reject",2147483647,{"capnweb":{"features":[["calls"]],"limits":{"maxMessageSize":1024}}}]',
    );
  });
});
