import type { Mutate } from "./mutation.ts";

/** A server's choice of ids for its exports. */
export interface ExportNames {
  /** The id that the client learns. Called for each reference to an export that is sent. */
  nameOf(id: number): number;
  released(id: number, count: number): void;
}

const EXPORTS: readonly unknown[] = ["export", "promise", "writable"];
const REFERENCES: readonly unknown[] = ["import", "pipeline", "remap"];

const isExport = (id: unknown): id is number => typeof id === "number" && id < 0;

/** A server that chooses other ids for its exports. */
export function renaming(createNames: () => ExportNames): Mutate {
  return () => {
    const names = createNames();
    const toName = new Map<number, number>();
    const toId = new Map<number, number>();

    const exporting = (tree: unknown): unknown => {
      if (
        Array.isArray(tree) &&
        tree.length === 2 &&
        EXPORTS.includes(tree[0]) &&
        isExport(tree[1])
      ) {
        const [tag, id] = tree;
        const name = names.nameOf(id);
        toName.set(id, name);
        toId.set(name, id);
        return [tag, name];
      }
      return eachPart(tree, exporting);
    };
    const referring = (tree: unknown): unknown => {
      if (!Array.isArray(tree) || !REFERENCES.includes(tree[0]) || typeof tree[1] !== "number") {
        return eachPart(tree, referring);
      }
      // The instructions of a map have ids of their own.
      const [tag, id, path, operands, ...instructions] = tree;
      const parts = [path, eachPart(operands, referring), ...instructions];
      return [tag, toId.get(id) ?? id, ...parts.slice(0, tree.length - 2)];
    };
    return {
      send(message) {
        const [tag, id, ...rest] = message;
        if (!isExport(id) || (tag !== "resolve" && tag !== "reject")) {
          return [eachPart(message, exporting)];
        }
        return [[tag, toName.get(id) ?? id, ...rest.map(exporting)]];
      },
      receive(message) {
        const [tag, id, ...rest] = message;
        if (!isExport(id) || (tag !== "release" && tag !== "pull")) {
          return [eachPart(message, referring)];
        }
        const own = toId.get(id) ?? id;
        if (tag === "release") names.released(own, rest[0]);
        return [[tag, own, ...rest]];
      },
    };
  };
}

/** Chooses the smallest free id for each export. */
export function smallestNames(): ExportNames {
  const held = new Map<number, { readonly name: number; references: number }>();
  return {
    nameOf(id) {
      const names = [...held.values()].map(({ name }) => name);
      let name = -1;
      while (names.includes(name)) name--;
      const entry = held.get(id) ?? { name, references: 0 };
      held.set(id, entry);
      entry.references++;
      return entry.name;
    },
    released(id, count) {
      const entry = held.get(id);
      if (entry === undefined) return;
      entry.references -= count;
      if (entry.references <= 0) held.delete(id);
    },
  };
}

function eachPart(tree: unknown, change: (tree: unknown) => unknown): unknown {
  if (Array.isArray(tree)) return tree.map(change);
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, each]) => [key, change(each)]));
}
