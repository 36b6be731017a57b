import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { testApp } from "./support/contract.ts";
import { installRuntimes, startApp } from "./support/start.ts";

installRuntimes("bun", "deno", "workerd");

testApp("Bun.serve", () => startApp("plain/bun", "bun"), { notFound: /Nothing here/ });
testApp("Elysia", () => startApp("elysia/bun", "bun"), { notFound: /NOT_FOUND/ });
testApp("Hono in Bun", () => startApp("hono/bun", "bun"), { notFound: /404 Not Found/ });
testApp("Deno.serve", () => startApp("plain/deno", "deno"), { notFound: /Nothing here/ });
testApp("Hono in Deno", () => startApp("hono/deno", "deno"), { notFound: /404 Not Found/ });
testApp("Workers", () => startApp("plain/workers", "workerd"), { notFound: /Nothing here/ });
testApp("Hono in Workers", () => startApp("hono/workers", "workerd"), {
  notFound: /404 Not Found/,
});

test.each(["hono", "elysia"])("%s in Bun has WebSockets beside those of the host", async (name) => {
  const app = await startApp(`${name}/bun-sockets`, "bun");
  try {
    const socket = new WebSocket(`ws://${app.address}/echo`);
    await once(socket, "open");
    socket.send("text");
    const [data] = await once(socket, "message");
    expect(String(data)).toBe("text");
    socket.close(1000, "Bye.");
    await once(socket, "close");
  } finally {
    await app.stop();
  }
});
