import Fastify from "fastify";

export const app = Fastify();
app.addHook("onRequest", async (_request, { raw }) => void raw.setHeader("X-App", "app"));
app.get("/hello", () => "Hello.");
