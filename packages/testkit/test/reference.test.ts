import { expect, onTestFinished, test } from "vitest";
import {
  loadScenarios,
  serveConformance,
  testServer,
  verdictOf,
} from "../src/conformance/index.ts";
import { runReference, runReferenceAtKit, serveReference } from "../src/reference/index.ts";

const scenarios = await loadScenarios();
const all = [...scenarios.values()];
const only = ["value-*", "callback-*", "pipeline-*", "flow-control*"];

const failures = (results: Awaited<ReturnType<typeof testServer>>) =>
  results.filter((each) => verdictOf(each) === "failed");

test.each([false, true])("the reference server conforms, announcing: %s", async (announce) => {
  const server = await serveReference({ announce });
  onTestFinished(() => server.close());
  const overSockets = await testServer(`ws://${server.address}/`, all, { only, parallel: 4 });
  expect(failures(overSockets)).toEqual([]);
  const overBatches = await testServer(`http://${server.address}/`, all, { only });
  expect(failures(overBatches)).toEqual([]);
  expect(overBatches.length).toBeGreaterThan(50);
});

test("the reference client runs on a server with the application", async () => {
  const messages: string[] = [];
  const server = await serveReference({
    onMessage: (from, message) => messages.push(`${from} ${message}`),
  });
  onTestFinished(() => server.close());
  const few = all.filter(({ name }) => name.startsWith("callback: called"));
  const results = await runReference(`ws://${server.address}/`, few);
  expect(failures(results)).toEqual([]);
  expect(results.length).toBe(few.length);
  expect(messages[0]).toBe('client ["push",["pipeline",0,["call"],[["export",-1],21]]]');
});

test("the reference client tells how a server's results differ", async () => {
  const server = await serveReference();
  onTestFinished(() => server.close());
  const [text] = all.filter(({ name }) => name === "value: text");
  const results = await runReference(`ws://${server.address}/`, [{ ...text!, notes: ["other"] }]);
  expect(results[0]!.failure).toContain('expected the notes ["other"], got ["text');
});

test("the reference client is a correct client under test", async () => {
  const kit = await serveConformance(scenarios, { only: ["callback-called*", "value-true"] });
  onTestFinished(() => kit.close());
  await runReferenceAtKit(kit.url);
  const results = await kit.done;
  expect(results.map(verdictOf)).toEqual(results.map(() => "passed"));
  expect(results.length).toBeGreaterThan(2);
});
