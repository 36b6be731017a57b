import { RpcStub } from "@capnweb/core";
import { expect, it, onTestFinished } from "vitest";
import { failure } from "../../../testing/outcomes.ts";
import { runExample } from "../../../testing/run-example.ts";
import { AuditLog } from "../src/audit-log.ts";
import { FileTree } from "../src/files.ts";
import { Folder } from "../src/folder.ts";
import { Grant } from "../src/grant.ts";

it("lets tools do their work, and nothing that exceeds their capability", async () => {
  const lines = await runExample(import.meta.url);
  const log = lines.indexOf("The audit log:");
  expect(lines.slice(0, log)).toEqual([
    "summarize:",
    "  Sales rise. Sales fall. (The checker's change: READ_ONLY)",
    "  14 of 20 uses are left",
    "trust:",
    "  read ../mail/bank.txt: MISSING",
    "  open ..: MISSING",
    "  read the folder's private fields: PATH",
    "  write in spite of readOnly: READ_ONLY",
    "  grant an accomplice 1,000 uses: BUDGET",
    "revoke:",
    "  after the revocation: REVOKED",
    "expire:",
    "  its holder hears: The grant has expired.",
    "  after the time: EXPIRED",
  ]);
  const entries = lines.slice(log + 1).map((line) => line.replace(/\(grant \d+\)/, "(grant)"));
  expect(entries).toEqual(
    expect.arrayContaining([
      "  ada (grant): open /reports: ok",
      "  ada > summarizer (grant): write /reports/summary.txt: ok",
      "  ada > summarizer > checker (grant): write /reports/summary.txt: READ_ONLY",
      "  ada > intruder (grant): read /reports/../mail/bank.txt: MISSING",
      "  ada > intruder > accomplice (grant): read /reports/north.txt: BUDGET",
    ]),
  );
});

function start() {
  const tree = new FileTree();
  tree.write("a.txt", "text");
  const log = new AuditLog();
  const home = new RpcStub(new Folder(tree, new Grant("ada", {}), log));
  onTestFinished(() => home[Symbol.dispose]());
  return { home, log };
}

it("logs each use, whatever the name is, in safe text", async () => {
  const { home, log } = start();
  for (const name of ["\u001b[2J\nada: ok", { toString: 1, valueOf: 1 }, () => {}] as any[]) {
    expect(await failure(home.read(name))).toMatchObject({ code: "MISSING" });
  }
  expect(log.of("ada").map(({ path }) => path)).toEqual([
    "/\\u001b[2J\\nada: ok",
    "/(no text)",
    "/(no text)",
  ]);
});

it("ends everything that was made from a grant, and nothing else", async () => {
  const { home } = start();
  using grant = await home.grant("tool", {});
  using folder = await grant.folder();
  using inner = await folder.grant("helper", {});
  using helper = await inner.folder();
  using other = await home.grant("other", {});
  using spared = await other.folder();
  await grant.revoke();
  for (const ended of [folder, helper]) {
    expect(await failure(ended.read("a.txt"))).toMatchObject({ code: "REVOKED" });
  }
  expect(await spared.read("a.txt")).toBe("text");
});

it("counts the uses of helpers for the tool", async () => {
  const { home } = start();
  using grant = await home.grant("tool", { budget: 3 });
  using folder = await grant.folder();
  using inner = await folder.grant("helper", { budget: 10 });
  using helper = await inner.folder();
  await helper.read("a.txt");
  await folder.read("a.txt");
  for (const spent of [folder, helper]) {
    expect(await failure(spent.read("a.txt"))).toMatchObject({ code: "BUDGET" });
  }
});

it("bounds the chain of helpers", async () => {
  const { home } = start();
  const chain = async (folder: RpcStub<Folder>): Promise<never> => {
    using grant = await folder.grant("helper", {});
    using helper = await grant.folder();
    return await chain(helper);
  };
  expect(await failure(chain(home))).toMatchObject({ code: "FULL" });
});

it("ends a grant that its maker no longer holds", async () => {
  const { home } = start();
  const grant = await home.grant("tool", {});
  using folder = await grant.folder();
  grant[Symbol.dispose]();
  expect(await failure(folder.read("a.txt"))).toMatchObject({ code: "REVOKED" });
});

it.each([{ budget: 0 }, { budget: Number.NaN }, { expiresIn: -1 }, { expiresIn: 1e12 }])(
  "refuses the limits %o",
  async (limits) => {
    const { home } = start();
    expect(await failure(home.grant("tool", limits))).toMatchObject({ code: "INVALID" });
  },
);

it("shows a user only what was done in the user's name", async () => {
  const { home, log } = start();
  await home.read("a.txt");
  expect(log.of("ada")).toMatchObject([{ who: "ada", action: "read", outcome: "ok" }]);
  expect(log.of("ad")).toEqual([]);
});
