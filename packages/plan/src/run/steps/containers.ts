import { objectFor } from "@capnweb/wire/internal";
import type { ArrayStep, ObjectStep } from "../../read/tree.ts";
import { Failed, FailedParts } from "../../values/failed.ts";
import { visit } from "../../values/meter.ts";
import { CONTAINER_BYTES, MEMBER_BYTES, textBytes } from "../../values/sizes.ts";
import type { Exec } from "../block.ts";
import { compileRead, firstFailed } from "../frame.ts";
import { Wait } from "../wait.ts";

export function compileArray({ items, slot }: ArrayStep): Exec {
  const reads = items.map(compileRead);
  const bytes = CONTAINER_BYTES + MEMBER_BYTES * items.length;
  return (frame, run) => {
    visit(run.account, reads.length);
    const list: unknown[] = [];
    for (const read of reads) {
      const value = read(frame, run);
      if (value instanceof Wait) return value;
      list.push(value);
    }
    run.account.make(bytes);
    const failed = firstFailed(list);
    frame.slots[slot] = failed ? new FailedParts(failed, list) : list;
    return undefined;
  };
}

export function compileObject({ fields, slot }: ObjectStep): Exec {
  const reads = fields.map(([key, read]) => [key, compileRead(read)] as const);
  const bytes = fields.reduce(
    (sum, [key]) => sum + MEMBER_BYTES + textBytes(key.length),
    CONTAINER_BYTES,
  );
  // Indexes first, as in the object.
  const names = Object.keys(Object.fromEntries(fields.map(([key]) => [key, 0])));
  return (frame, run) => {
    visit(run.account, reads.length);
    const object = objectFor(names);
    let failed: Failed | undefined;
    for (const [key, read] of reads) {
      const value = read(frame, run);
      if (value instanceof Wait) return value;
      if (value instanceof Failed) failed ??= value;
      object[key] = value;
    }
    run.account.make(bytes);
    frame.slots[slot] = failed ? new FailedParts(failed, object) : object;
    return undefined;
  };
}
