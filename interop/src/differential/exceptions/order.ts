import { type Exception, sameBut } from "../compare.ts";

const SENT = ["clientSent", "serverSent"] as const;

/** True if two lists have the same elements, in any order. */
const sameUnordered = (a: readonly string[], b: readonly string[]) =>
  String([...a].sort()) === String([...b].sort());

/** A message without its ids, which depend on the number of earlier introductions. */
const withoutIds = (message: string) => message.replaceAll(/([[,])-?\d+/g, "$1#");

/** Messages that are sent in another order. */
export const order: readonly Exception[] = [
  {
    entry: "The order of messages about things that don't depend on each other may differ",
    example: ["await", "text", "chunk of an argument"],
    explains: (difference) =>
      sameBut(difference, SENT) &&
      SENT.every((side) => sameUnordered(difference.reference[side], difference.ours[side])),
  },
  {
    entry: "resolutions of independent promises, acknowledgements of a stream's chunks",
    example: ["properties", "a readable", "chunk of a result"],
    explains: (difference) =>
      /chunk|RpcPromise/.test(difference.program.place.name + difference.program.kind.name) &&
      sameBut(difference, SENT) &&
      SENT.every((side) =>
        sameUnordered(
          difference.reference[side].map(withoutIds),
          difference.ours[side].map(withoutIds),
        ),
      ),
  },
];
