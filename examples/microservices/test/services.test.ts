import { beforeAll, expect, it } from "vitest";
import { runExample } from "../../../testing/run-example.ts";

let lines: string[];
beforeAll(async () => {
  lines = await runExample(import.meta.url);
});

it("shows one trace through the client and three services, each span below its parent", () => {
  const start = lines.findIndex((line) => line.startsWith("The trace "));
  const [root, gateway, ...rest] = lines.slice(start + 1);
  expect([root, gateway]).toEqual(["client calls overview", "  gateway serves Gateway/overview"]);
  const tree = rest.join("\n");
  expect(tree).toContain("    gateway calls find\n      users serves Users/find");
  expect(tree).toContain(
    [
      "    gateway calls recent",
      "      orders serves Orders/recent",
      "        orders calls discount",
      "          users serves Users/discount",
    ].join("\n"),
  );
  expect(rest).toHaveLength(6);
});

it("hands the deadline on from service to service", () => {
  const left = (method: string) => {
    const line = lines.find((each) => each.startsWith(`${method}: `))!;
    return Number(/: (\d+) ms left$/.exec(line)![1]);
  };
  expect(left("gateway.overview")).toBeLessThanOrEqual(30_000);
  // Each is rounded, and by the clock of another process.
  expect(left("orders.recent")).toBeLessThanOrEqual(left("gateway.overview") + 1);
  expect(left("users.discount")).toBeLessThanOrEqual(left("orders.recent") + 1);
});

it("stops the work behind a call whose deadline has passed", () => {
  expect(lines).toContain("client: DEADLINE");
  expect(lines).toContain("orders.report: given up, because its caller waits no longer");
});

it("answers a call that is under way at a SIGTERM, and takes no new sessions meanwhile", () => {
  expect(lines).toContain('gateway: 503 {"status":"draining"}');
  expect(lines).toContain("client: 2 orders are archived");
  for (const service of ["gateway", "orders", "users"]) {
    expect(lines).toContain(`${service}: 200 {"status":"ready"}`);
    expect(lines).toContain(`${service}: drained`);
  }
});
