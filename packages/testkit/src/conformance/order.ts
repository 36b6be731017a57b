/**
 * The groups of scenarios with their subjects, in the order of a run. An implementation is usually
 * built in this order, so that the first failure is the first thing to mend.
 */
const GROUPS = {
  VAL: "values as arguments and results of calls",
  ERR: "failing calls",
  PIP: "calls on results that haven't arrived",
  PAT: "paths of properties",
  PRO: "promises in arguments and results",
  STU: "stubs",
  TAR: "targets of the client",
  CAL: "functions of the client",
  REF: "counts of references",
  MAP: "maps",
  STR: "streams",
  BLO: "blobs",
  FET: "headers, requests and responses",
  UNS: "values that can't travel",
  SES: "ends of sessions",
  ANN: "announcements of extensions",
  UNU: "unusual messages that are legal",
  MAL: "malformed messages",
  DOC: "documents, for servers that announce them",
  LIM: "large values and many calls",
  FRA: "messages in fragments and small packets",
  FLO: "streams whose reader stalls",
  HOS: "hostile messages",
} as const satisfies Record<string, string>;

const ORDER = Object.keys(GROUPS);

/** The group of an id: `VAL` of `VAL-017`. */
export function groupOf(id: string): string {
  return id.slice(0, id.indexOf("-"));
}

/** The title of a group, such as `VAL: values as arguments and results of calls`. */
export function titleOfGroup(group: string): string {
  return Object.hasOwn(GROUPS, group) ? `${group}: ${GROUPS[group as keyof typeof GROUPS]}` : group;
}

/** Scenarios in the order of a run: by group, and by number within a group. */
export function inOrder<Item extends { readonly id: string }>(items: readonly Item[]): Item[] {
  const place = ({ id }: Item) => {
    const at = ORDER.indexOf(groupOf(id));
    return at < 0 ? ORDER.length : at;
  };
  return items.toSorted((one, other) => place(one) - place(other) || (one.id < other.id ? -1 : 1));
}
