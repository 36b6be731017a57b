import { Elysia } from "elysia";

export const app = new Elysia().headers({ "X-App": "app" }).get("/hello", () => "Hello.");
