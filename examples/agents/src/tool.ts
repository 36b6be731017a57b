import { type RpcStub, RpcTarget } from "@capnweb/core";
import type { Folder } from "./folder.ts";

/**
 * A tool of another party, on a server of its own. It has no account at the office, only the
 * capabilities that its callers hand to it.
 */
export class Tool extends RpcTarget {
  readonly #checker: Checker = new Checker();

  /** Writes a summary of the files in a folder. */
  async summarize(folder: RpcStub<Folder>): Promise<string> {
    const names = await folder.list();
    const texts = await Promise.all(names.map((name) => folder.read(name)));
    const summary = texts.join(" ");
    // The tool gives a part of its own right to a helper.
    using grant = await folder.grant("checker", { readOnly: true, budget: 2 });
    using lent = await grant.folder();
    await folder.write("summary.txt", summary);
    return await this.#checker.check(lent);
  }

  /** Tries everything that a hostile tool would, and returns the outcomes. */
  async misuse(folder: RpcStub<Folder>): Promise<string[]> {
    const attempts: Record<string, () => PromiseLike<unknown>> = {
      "read ../mail/bank.txt": () => folder.read("../mail/bank.txt"),
      "open ..": () => folder.open(".."),
      "read the folder's private fields": () => (folder as any).tree.parent,
      "write in spite of readOnly": () => folder.write("north.txt", "Sales explode."),
      "grant an accomplice 1,000 uses": async () => {
        using grant = await folder.grant("accomplice", { budget: 1_000 });
        using accomplice = await grant.folder();
        for (let i = 0; i < 1_000; i++) await accomplice.read("north.txt");
      },
    };
    const outcomes: string[] = [];
    for (const [name, attempt] of Object.entries(attempts)) {
      outcomes.push(`${name}: ${await outcomeOf(attempt)}`);
    }
    return outcomes;
  }

  /** Reads on and on, until the folder is taken away. */
  async watch(folder: RpcStub<Folder>, onRead: RpcStub<() => void>): Promise<string> {
    return await outcomeOf(async () => {
      for (;;) {
        await folder.read("north.txt");
        await onRead();
      }
    });
  }
}

/** The helper of the tool. */
class Checker {
  async check(folder: RpcStub<Folder>): Promise<string> {
    const change = await outcomeOf(() => folder.write("summary.txt", "changed"));
    return `${await folder.read("summary.txt")} (The checker's change: ${change})`;
  }
}

async function outcomeOf(attempt: () => PromiseLike<unknown>): Promise<string> {
  try {
    await attempt();
    return "done";
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
}
