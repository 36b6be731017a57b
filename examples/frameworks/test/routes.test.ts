// Batches as routes of the frameworks, behind their middleware.
import { testApp } from "./support/contract.ts";
import { startApp } from "./support/start.ts";

const isBehindMiddleware = true;
const start = (name: string) => () => startApp(`${name}/route`);

testApp("Express 5", start("express"), { notFound: /Cannot GET/, isBehindMiddleware });
testApp("Fastify 5", start("fastify"), { notFound: /Route GET:/, isBehindMiddleware });
testApp("Hono in Node", start("hono"), { notFound: /404 Not Found/, isBehindMiddleware });
testApp("Koa 3", start("koa"), { notFound: /Not Found/, isBehindMiddleware });
