import { testApp } from "./support/contract.ts";
import { startApp } from "./support/start.ts";

testApp("Express 5", () => startApp("express/server"), { notFound: /Cannot GET \/other/ });
testApp("Fastify 5", () => startApp("fastify/server"), { notFound: /Route GET:\/other not found/ });
testApp("Hono in Node", () => startApp("hono/node"), { notFound: /404 Not Found/ });
testApp("Koa 3", () => startApp("koa/server"), { notFound: /Not Found/ });
