import express from "express";

export const app = express();
app.use((_request, response, next) => {
  response.setHeader("X-App", "app");
  next();
});
app.use(express.json());
app.get("/hello", (_request, response) => void response.send("Hello."));
