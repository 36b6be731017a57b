import { machineLine } from "../../src/driver/machine.ts";
import { type Palette, picture, text } from "../../src/report/svg.ts";
import { PERCENTILES } from "../models/latencies.ts";
import { decadeAxis, drawPlot, linearAxis, type Plot } from "./plot.ts";
import type { LoadRecord, LoadReport, SoakReport } from "./results.ts";
import { latency } from "./run-table.ts";

const WIDTH = 1080;
const MARGIN = 28;
const GAP = 24;
const TOP = 70;
const HEIGHT = 330;

const PALETTE: Palette = {
  calls: { light: "#2563eb", dark: "#5b9dff" },
  callbacks: { light: "#0d9488", dark: "#2dd4bf" },
  streams: { light: "#ea8a1a", dark: "#f2a63f" },
  maps: { light: "#9333ea", dark: "#c084fc" },
  connects: { light: "#dc2626", dark: "#f87171" },
  mix: { light: "#5b6675", dark: "#a3afbf" },
};

/** The picture of docs/load.svg: latencies, memory by sessions, and the course of the soak. */
export function chart({ load, soak }: LoadRecord): string {
  const plots = [...(load ? [latencies(load), memory(load)] : []), ...(soak ? [course(soak)] : [])];
  const width = (WIDTH - 2 * MARGIN - (plots.length - 1) * GAP) / plots.length;
  const { machine, node } = (load ?? soak)!;
  const content = [
    text(MARGIN, 36, "heading", "A server under load"),
    text(MARGIN, 56, "soft", `Node ${node}, ${machineLine(machine)}; the load is made there too`),
    ...plots.map((plot, i) => drawPlot(plot, MARGIN + i * (width + GAP), TOP, width, HEIGHT)),
  ];
  return picture(WIDTH, TOP + HEIGHT + 16, "A server under load", content.join(""), PALETTE);
}

function latencies({ runs }: LoadReport): Plot {
  const open = runs.filter(({ plan }) => plan.model.model === "open");
  const lines = open.map(({ plan: { scenario }, all: { percentiles } }) => ({
    series: scenario,
    label: scenario,
    points: percentiles.flatMap((each, i) =>
      each === null ? [] : [[i, Math.log10(each)] as const],
    ),
  }));
  const values = lines.flatMap(({ points }) => points.map(([, y]) => y));
  return {
    title: "Latency by percentile",
    subtitle: `open model, ${count(open[0]!.plan.sessions)} sessions; lower is better`,
    x: {
      from: 0,
      to: PERCENTILES.length - 1,
      ticks: PERCENTILES.map((percent, i) => [i, `p${percent}`] as const),
    },
    y: decadeAxis(values, (value) => latency(value).replace(/\.0+ /, " ")),
    lines,
  };
}

function memory({ memory: points }: LoadReport): Plot {
  const mib = (bytes: number) => bytes / 1024 ** 2;
  const most = Math.max(...points.map(({ active }) => mib(active.rss)));
  return {
    title: "Memory of the server by sessions",
    subtitle: "MiB, after garbage collection",
    x: linearAxis(points.at(-1)!.sessions, count, "value"),
    y: linearAxis(most, count),
    lines: [
      {
        series: "mix",
        label: "resident",
        points: points.map(({ sessions, active }) => [sessions, mib(active.rss)]),
      },
      {
        series: "streams",
        label: "heap, active",
        points: points.map(({ sessions, active }) => [sessions, mib(active.heap)]),
      },
      {
        series: "calls",
        label: "heap, idle",
        points: points.map(({ sessions, idle }) => [sessions, mib(idle.heap)]),
      },
    ],
  };
}

function course({ course: points, minutes, sessions }: SoakReport): Plot {
  const mib = (bytes: number) => bytes / 1024 ** 2;
  const at = (i: number) => ((i + 1) * minutes) / points.length;
  return {
    title: `A soak of ${count(minutes)} minutes`,
    subtitle: `MiB of the server; ${count(sessions)} sessions, mix`,
    x: linearAxis(minutes, (value) => `${count(value)} min`, "value"),
    y: linearAxis(Math.max(...points.map(({ rss }) => mib(rss))), count),
    lines: [
      { series: "mix", label: "resident", points: points.map(({ rss }, i) => [at(i), mib(rss)]) },
      { series: "calls", label: "heap", points: points.map(({ heap }, i) => [at(i), mib(heap)]) },
    ],
  };
}

function count(value: number): string {
  return value.toLocaleString("en");
}
