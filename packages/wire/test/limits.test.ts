import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  isLimitName,
  LIMIT_PROFILES,
  LimitError,
  type LimitName,
  resolveLimits,
} from "../src/index.ts";
import { overLimit } from "../src/internal.ts";

const SOURCE = readFileSync(new URL("../src/limits.ts", import.meta.url), "utf8");
const NAMES = Object.keys(LIMIT_PROFILES.server) as LimitName[];

describe.each(NAMES)("limits.%s", (name) => {
  test("follows from one documented line, with its type and default", () => {
    const declarations = SOURCE.split("\n").filter((line) =>
      line.startsWith(`  readonly ${name}:`),
    );
    expect(declarations).toHaveLength(1);
    const before = SOURCE.slice(0, SOURCE.indexOf(declarations[0]!)).trimEnd();
    expect(before.endsWith("*/")).toBe(true);
  });

  test("is a limit in every profile, an option, and a name in errors", () => {
    for (const profile of Object.values(LIMIT_PROFILES)) expect(profile[name]).toBeGreaterThan(0);
    expect(resolveLimits({ [name]: 3 })[name]).toBe(3);
    expect(resolveLimits({ [name]: 3 }, "server")[name]).toBe(3);
    expect(isLimitName(name)).toBe(true);
    const error = overLimit(LIMIT_PROFILES.server, name);
    expect(error).toBeInstanceOf(LimitError);
    expect(error.message).toContain(`limits.${name}`);
  });
});
