// In development, the stacks of errors lead to the catalogue: docs/errors.md.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { bundleProgram } from "../../../testing/bundle-program.ts";

const program = bundleProgram(new URL("processes/failing.ts", import.meta.url));

const LINK = "Explained at https://capnweb-ts.github.io/capnweb-ts/errors/DISPOSED";

function run(env: Record<string, string>) {
  const { NODE_ENV: _, ...others } = process.env;
  const { stdout, stderr, status } = spawnSync(process.execPath, [program], {
    encoding: "utf8",
    env: { ...others, ...env },
  });
  return { stdout, stderr, status };
}

test("an error that is logged, and one that nothing handles, show the link in stderr", () => {
  const { stderr, status } = run({});
  expect(stderr.split(LINK)).toHaveLength(3);
  expect(status).toBe(1);
});

test("neither messages of errors nor messages to a peer contain it", () => {
  const { stdout } = run({});
  expect(stdout).toContain("for the peer");
  expect(stdout).toContain("at ");
  expect(stdout).not.toContain("Explained");
});

test.each([{ NODE_ENV: "production" }, { CAPNWEB_ERROR_LINKS: "off" }])("%o: no link", (env) => {
  const { stderr } = run(env);
  expect(stderr).toContain("Attempted to use RPC stub after it has been disposed");
  expect(stderr).not.toContain("Explained");
});

test("the error of a loop of failures gets a link only now and then", async () => {
  const { link } = await import("../../wire/src/coded/link.ts");
  const errors = Array.from({ length: 1000 }, () => Object.assign(new Error(), { code: "LOOP" }));
  const start = Date.now();
  for (const error of errors) link(error);
  const windows = 1 + (Date.now() - start) / 100;
  const links = errors.filter(({ stack }) => stack?.includes("/errors/LOOP")).length;
  expect(links).toBeGreaterThanOrEqual(10);
  expect(links).toBeLessThanOrEqual(10 * Math.ceil(windows));
});
