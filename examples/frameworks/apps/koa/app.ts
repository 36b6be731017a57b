import Koa from "koa";

export const app = new Koa();
app.use(async (context, next) => {
  context.set("X-App", "app");
  if (context.path === "/hello") context.body = "Hello.";
  else await next();
});
