import type { RpcStub } from "@capnweb/core";
import type { Folder } from "./folder.ts";
import type { Tool } from "./tool.ts";

/** Has a tool summarize a folder, within a budget and a time. */
export async function summarize(reports: RpcStub<Folder>, tool: RpcStub<Tool>): Promise<void> {
  using grant = await reports.grant("summarizer", { budget: 20, expiresIn: 60_000 });
  console.log(`  ${await tool.summarize(grant.folder())}`);
  console.log(`  ${await grant.left()} of 20 uses are left`);
}

/** Gives a folder to a tool that tries to exceed its right. */
export async function trust(reports: RpcStub<Folder>, tool: RpcStub<Tool>): Promise<void> {
  using grant = await reports.grant("intruder", { budget: 8, readOnly: true });
  for (const outcome of await tool.misuse(grant.folder())) console.log(`  ${outcome}`);
}

/** Takes a folder away from a tool in the middle of its work. */
export async function revoke(reports: RpcStub<Folder>, tool: RpcStub<Tool>): Promise<void> {
  using grant = await reports.grant("watcher", { readOnly: true });
  const outcome = await tool.watch(grant.folder(), () => void grant.revoke());
  console.log(`  after the revocation: ${outcome}`);
}

/** Gives a folder to a tool that still holds it when its time is over. */
export async function expire(reports: RpcStub<Folder>, tool: RpcStub<Tool>): Promise<void> {
  using grant = await reports.grant("sleeper", { expiresIn: 100 });
  using folder = await grant.folder();
  const reason = await new Promise<unknown>((resolve) => folder.onRpcBroken(resolve));
  console.log(`  its holder hears: ${(reason as Error).message}`);
  console.log(`  after the time: ${await tool.watch(folder, () => {})}`);
}
