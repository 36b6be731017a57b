import { Linter } from "eslint";
import { expect, test } from "vitest";
import plugin from "../src/eslint/index.ts";

/** The messages about a plan's callback with this body. */
function lint(body: string): string[] {
  const code = `
    const flag = true;
    const settings = { deep: true };
    plan()(($, api, p) => {
      const age = api.invoice(1).age;
      ${body}
    });
    function other(p) { if (p.x && p.y === 1) return !p; }
  `;
  const rules = { "plans/no-placeholder-conditions": "error" } as const;
  return new Linter()
    .verify(code, [{ plugins: { plans: plugin as any }, rules }])
    .map(({ message }) => message);
}

test.each([
  ["if (p.x) return 1;", "$.if()"],
  ["if (age) return 1;", "$.if()"],
  ["if ($.gt(p.x, 1)) return 1;", "$.if()"],
  ["return p.x ? 1 : 2;", "$.cond()"],
  ["return p.x && 1;", "$.and()"],
  ["return p.x.y || 1;", "$.or()"],
  ["return api.user()?.name ?? 1;", "$.if()"],
  ["return !p.x;", "$.not()"],
  ["return p.x === 1;", "$.eq()"],
  ["return 1 !== age;", "$.ne()"],
  ["while (p.x) {}", "$.while()"],
  ["for (; p.x; ) {}", "$.while()"],
  ["switch (p.x) {}", "$.if()"],
  ["return typeof p.x;", "$.type()"],
  ["return api.list().map((item, i) => (item.vip ? 1 : 2));", "$.cond()"],
  ["return $.filter(api.list(), (item) => item.age === 3);", "$.eq()"],
  ["const n = $.let(0); return n === 1;", "$.eq()"],
])("reports %s", (body, remedy) => {
  const messages = lint(body);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain(remedy);
});

test.each([
  "if (flag) return api.list();",
  "return flag && settings.deep ? p.x : api.y(1);",
  "return [1, 2].map((each) => (each === 1 ? p.x : 2));",
  "return $.if($.eq(p.x, 1), () => p.x, () => null);",
  "var self = self; return self === 1;",
])("allows %s", (body) => {
  expect(lint(body)).toEqual([]);
});
