import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Registry } from "prom-client";
import { expect, onTestFinished, test } from "vitest";
import { collectMetrics } from "../src/prometheus/index.ts";
import { promtool } from "./support/promtool.ts";

const path = (name: string) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
const read = (name: string) => readFileSync(path(name), "utf8");

/** The names of metrics in a text, without the endings of a histogram's series. */
function metricsIn(text: string): Set<string> {
  const names = text.match(/\bcapnweb_[a-z_]+/g) ?? [];
  return new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, "")));
}

function collected(): Set<string> {
  const registry = new Registry();
  onTestFinished(collectMetrics({ registry }));
  return new Set(registry.getMetricsAsArray().map(({ name }) => name));
}

test.skipIf(!promtool)("the alert rules pass promtool (Debian: prometheus)", () => {
  const { status, stderr } = spawnSync(promtool!, ["check", "rules", path("alerts.yml")], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});

test.skipIf(!promtool)("the queries of the dashboard are valid (Debian: prometheus)", () => {
  const { panels } = JSON.parse(read("grafana-dashboard.json"));
  const queries: string[] = panels.flatMap(({ targets }: any) =>
    targets.map(({ expr }: { expr: string }) =>
      expr
        .replaceAll("$__rate_interval", "5m")
        .replaceAll("$job", ".*")
        .replaceAll("$side", "server"),
    ),
  );
  const rules = queries.map((expr, i) => ({ record: `query:${i}`, expr }));
  const directory = mkdtempSync(join(tmpdir(), "capnweb-dashboard-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "rules.json");
  writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
  const { status, stderr } = spawnSync(promtool!, ["check", "rules", file], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

test.each(["alerts.yml", "grafana-dashboard.json"])("%s uses metrics that there are", (name) => {
  const used = metricsIn(read(name));
  const known = collected();
  expect([...used].filter((metric) => !known.has(metric))).toEqual([]);
});

test("the dashboard shows all metrics, and the operators' page names them and all alerts", () => {
  const page = readFileSync(
    fileURLToPath(new URL("../../../docs/observe.md", import.meta.url)),
    "utf8",
  );
  const known = [...collected()];
  const shown = metricsIn(read("grafana-dashboard.json"));
  expect(known.filter((metric) => !shown.has(metric))).toEqual([]);
  expect(known.filter((metric) => !page.includes(`\`${metric}\``))).toEqual([]);
  const alerts = [...read("alerts.yml").matchAll(/alert: (\w+)/g)].map(([, name]) => name!);
  expect(alerts.length).toBeGreaterThan(0);
  expect(alerts.filter((alert) => !page.includes(`\`${alert}\``))).toEqual([]);
});
