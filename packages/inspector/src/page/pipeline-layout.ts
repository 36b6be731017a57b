import type { Call, Side } from "../model/index.ts";

export const NODE = { width: 172, height: 34, gapX: 30, gapY: 10 } as const;
const BAND = { padding: 16, gap: 28, head: 46 } as const;

/** A call in the picture. */
export interface Node {
  readonly call: Call;
  readonly x: number;
  readonly y: number;
}

/** The calls of one round trip. */
export interface Band {
  readonly trip: number;
  readonly x: number;
  readonly width: number;
  readonly nodes: readonly Node[];
  /** The time from its first call to its last answer; `undefined` while one is missing. */
  readonly time: number | undefined;
}

/** A line from a call to one that used its result. */
export interface Edge {
  readonly from: Node;
  readonly to: Node;
  /** True if the second call waited for the answer, and needn't have. */
  readonly isWaste: boolean;
}

export interface Layout {
  readonly bands: readonly Band[];
  readonly edges: readonly Edge[];
  readonly nodes: ReadonlyMap<number, Node>;
  readonly width: number;
  readonly height: number;
}

/** Most calls of one round trip that are drawn. */
const MOST_IN_BAND = 60;

/**
 * Lays out the calls of one side of a session: a band for each round trip, from left to right. In a
 * band, a call stands to the right of those that it waits for.
 *
 * @param calls in the order of their messages
 */
export function layoutOf(calls: readonly Call[], side: Side): Layout {
  const trips = new Map<number, Call[]>();
  for (const call of calls) {
    if (call.by !== side) continue;
    const list = trips.get(call.trip);
    if (list) list.push(call);
    else trips.set(call.trip, [call]);
  }
  const nodes = new Map<number, Node>();
  const bands: Band[] = [];
  let x = 0;
  let height = 0;
  for (const [trip, all] of trips) {
    const band = bandOf(trip, all, x, nodes);
    bands.push(band);
    x += band.width + BAND.gap;
    for (const { y } of band.nodes) height = Math.max(height, y + NODE.height + BAND.padding);
  }
  return { bands, edges: edgesOf(nodes), nodes, width: x, height };
}

function bandOf(trip: number, all: readonly Call[], x: number, nodes: Map<number, Node>): Band {
  const depths = new Map<Call, number>();
  const rows: number[] = [];
  const own: Node[] = [];
  for (const call of all.slice(0, MOST_IN_BAND)) {
    const before = call.waitsFor.map((each) => depths.get(each) ?? -1);
    const depth = Math.max(-1, ...before) + 1;
    depths.set(call, depth);
    const first = call.waitsFor.map((each) => nodes.get(each.key)).find((each) => each);
    const wanted = first && depth > 0 ? rowOf(first.y) : 0;
    const row = Math.max(rows[depth] ?? 0, wanted);
    rows[depth] = row + 1;
    const node = {
      call,
      x: x + BAND.padding + depth * (NODE.width + NODE.gapX),
      y: BAND.head + row * (NODE.height + NODE.gapY),
    };
    own.push(node);
    nodes.set(call.key, node);
  }
  const depth = Math.max(1, rows.length);
  const width = 2 * BAND.padding + depth * NODE.width + (depth - 1) * NODE.gapX;
  return { trip, x, width, nodes: own, time: timeOf(all) };
}

function rowOf(y: number): number {
  return Math.round((y - BAND.head) / (NODE.height + NODE.gapY));
}

function timeOf(calls: readonly Call[]): number | undefined {
  let last = 0;
  for (const { answeredAt, state } of calls) {
    if (answeredAt === undefined && state === "open") return undefined;
    last = Math.max(last, answeredAt ?? 0);
  }
  return last > 0 ? last - calls[0]!.sentAt : undefined;
}

function edgesOf(nodes: ReadonlyMap<number, Node>): Edge[] {
  const edges: Edge[] = [];
  for (const to of nodes.values()) {
    for (const each of to.call.waitsFor) {
      const from = nodes.get(each.key);
      if (from) edges.push({ from, to, isWaste: false });
    }
    const awaited = to.call.waste && nodes.get(to.call.waste.of.key);
    if (awaited) edges.push({ from: awaited, to, isWaste: true });
  }
  return edges;
}
