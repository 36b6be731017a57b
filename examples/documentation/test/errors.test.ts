// The error catalogue has a page for each code, and its pages quote the real messages.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { codedClasses, declaredCodes, sources } from "../src/error-codes.ts";
import { patternsOf } from "../src/error-messages.ts";
import { CONNECTIONS } from "../src/failures/connections.ts";
import { PLANS } from "../src/failures/plans.ts";
import { SESSIONS } from "../src/failures/sessions.ts";

const DOCS = fileURLToPath(new URL("../../../docs/", import.meta.url));
const HEADINGS = ["When it is raised", "Remedy", "Options", "Execution", "Related"];

const all = sources();
const declared = declaredCodes(all);
const codes = [...declared.values()].flatMap((names) => [...names]).sort();
const patterns = all.flatMap(patternsOf);

const failures = { ...SESSIONS, ...PLANS, ...CONNECTIONS };

function page(code: string): string {
  return readFileSync(`${DOCS}errors/${code}.md`, "utf8");
}

function quoted(code: string): string {
  return page(code).match(/^```text\n([\s\S]*?)\n```$/m)![1]!;
}

test("each code has a page, and each page a code", () => {
  const pages = readdirSync(`${DOCS}errors`).map((file) => file.replace(/\.md$/, ""));
  expect(pages.sort()).toEqual(codes);
});

test("the list has each code under its package, and no others", () => {
  const [, ...sections] = readFileSync(`${DOCS}errors.md`, "utf8").split(/^## /m);
  const listed = sections.map((section): [string, string[]] => [
    section.split("\n", 1)[0]!,
    [...section.matchAll(/^\| \[`(\w+)`\]\(errors\/\1\.md\)/gm)].map(([, code]) => code!).sort(),
  ]);
  const expected = [...declared].map(([name, of]) => [name, [...of].sort()]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(expected));
});

test("each class of errors with a link declares its code, or is the base of those that do", () => {
  const classes = codedClasses(all);
  expect(classes.length).toBeGreaterThan(40);
  for (const { name, source } of classes) {
    const [, body] = source.text.split(new RegExp(`class ${name} extends Coded\\w+ \\{`));
    expect([name, body!.split("\n}\n", 1)[0]]).toEqual([
      name,
      expect.stringMatching(/get code\(\):|abstract /),
    ]);
  }
});

describe.each(codes)("%s", (code) => {
  test("has the headings of all pages, its class and its package", () => {
    const text = page(code);
    expect(text.startsWith(`# ${code}\n`)).toBe(true);
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS);
    const [, name, owner] = text.match(/^Class: `(\w+)` of `@capnweb\/([\w-]+)`\.$/m)!;
    expect(declared.get(owner!)).toContain(code);
    expect(all.some((source) => new RegExp(`class ${name}\\b`).test(source.text))).toBe(true);
  });

  test("quotes a message that the packages give", async () => {
    const message = quoted(code);
    const fail = failures[code];
    if (!fail) {
      expect([message, patterns.some((pattern) => pattern.test(message))]).toEqual([message, true]);
      return;
    }
    const error: any = await (async () => fail())().then(
      (value) => value,
      (thrown) => thrown,
    );
    expect(error.message.replaceAll(/127\.0\.0\.1:\d+/g, "localhost:8080")).toBe(message);
    expect(error.code).toBe(code);
    expect(error.stack).toContain(`/errors/${code}`);
  });

  test("links to pages that exist", () => {
    for (const [, path] of page(code).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      expect([path, existsSync(`${DOCS}errors/${path}`)]).toEqual([path, true]);
    }
  });
});
