import { newWebTransportRpcSession } from "@capnweb/transport-webtransport/node";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Door } from "../src/chat.ts";
import { startServer } from "../src/server.ts";

async function start() {
  const server = await startServer({ site: 0, webTransport: 0 });
  onTestFinished(() => server.stop());
  return {
    server,
    enter() {
      return newWebTransportRpcSession<Door>(server.url, undefined, {
        serverCertificateHashes: [server.hash],
      });
    },
  };
}

test("the chat's members hear each other, and learn who leaves", async () => {
  const { enter } = await start();
  const heard: string[] = [];
  using ada = enter();
  using member = await ada.join("ada", (who, what) => void heard.push(`${who}: ${what}`));
  const grace = enter();
  using other = await grace.join("grace", () => {});
  await other.say("hello");
  await member.say("hi");
  grace[Symbol.dispose]();
  await vi.waitFor(() =>
    expect(heard).toEqual([
      "ada: (joins)",
      "grace: (joins)",
      "grace: hello",
      "ada: hi",
      "grace: (leaves)",
    ]),
  );
});

test("the chat's server serves the page and the page's dependencies", async () => {
  const { server } = await start();
  const get = async (path: string) => await (await fetch(server.siteUrl + path)).text();
  expect(await get("")).toContain("page.js");
  expect(await get("page.js")).toContain("connect.json");
  expect(JSON.parse(await get("connect.json")).url).toBe(server.url);
  expect((await fetch(`${server.siteUrl}other`)).status).toBe(404);
});
