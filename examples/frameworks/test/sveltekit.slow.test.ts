import { afterAll, beforeAll, expect, test } from "vitest";
import { testApp } from "./support/contract.ts";
import { BUILD_TIMEOUT, Project } from "./support/project.ts";

let project: Project;
beforeAll(async () => {
  project = await Project.build("sveltekit", "src/lib/host.ts", "vite", "build");
}, BUILD_TIMEOUT);
afterAll(() => project?.remove());

testApp("SvelteKit, a route", () => project.startOwn("/hello", "build/index.js"), {
  notFound: /Not Found/,
  lacksWebSockets: true,
  cutsRefused: true,
  isBehindMiddleware: true,
  // SvelteKit takes text of other programs for a forged form.
  batchHeaders: { "content-type": "application/json" },
});

test("SvelteKit takes a batch for a form, which only pages of its own origin may send", async () => {
  const { address, stop } = await project.startOwn("/hello", "build/index.js");
  const post = (headers: Record<string, string>) =>
    fetch(`http://${address}/api`, { method: "POST", body: "", headers });
  const ofProgram = await post({});
  const ofPage = await post({ origin: `http://${address}`, cookie: "session=4711" });
  await stop();
  expect([ofProgram.status, await ofProgram.text()]).toEqual([
    403,
    "Cross-site POST form submissions are forbidden",
  ]);
  expect(ofPage.status).toBe(200);
});

testApp("SvelteKit, a server of its own", () => project.startServer(), { notFound: /Not Found/ });
