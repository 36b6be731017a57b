import { afterAll, beforeAll } from "vitest";
import { testApp } from "./support/contract.ts";
import { BUILD_TIMEOUT, Project } from "./support/project.ts";

let project: Project;
beforeAll(async () => {
  project = await Project.build("next", "host.ts", "next", "build");
}, BUILD_TIMEOUT);
afterAll(() => project?.remove());

const notFound = /This page could not be found/;

testApp("Next, a route", () => project.startOwn("/hello", "node_modules/.bin/next", "start"), {
  notFound,
  lacksWebSockets: true,
  isBehindMiddleware: true,
});

testApp("Next, a server of its own", () => project.startServer(), {
  notFound,
  path: "/rpc",
  ignoresUnknown: true,
});
