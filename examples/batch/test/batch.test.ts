import { expect, it, onTestFinished } from "vitest";
import { failure } from "../../../testing/outcomes.ts";
import { runExample } from "../../../testing/run-example.ts";
import { readInOneBatch, readInSequence, readInSteps } from "../src/client.ts";
import { serve } from "../src/server.ts";

const PAGE = {
  name: "Ada",
  titles: ["On notes", "On engines", "On looms", "On flying", "On cards"],
};

async function start() {
  const server = await serve(0);
  onTestFinished(() => server.close());
  return server;
}

it("prints the page three times, and the requests", async () => {
  const lines = await runExample(import.meta.url);
  const text = `Ada: ${PAGE.titles.join(", ")}`;
  expect(lines.slice(1)).toEqual([
    `readInSequence: ${text}`,
    expect.stringMatching(/^ {2}8 requests, \d+ ms$/),
    `readInSteps: ${text}`,
    expect.stringMatching(/^ {2}3 requests, \d+ ms$/),
    `readInOneBatch: ${text}`,
    expect.stringMatching(/^ {2}1 request, \d+ ms$/),
  ]);
});

it.each([
  { read: readInSequence, requests: 8 },
  { read: readInSteps, requests: 3 },
  { read: readInOneBatch, requests: 1 },
])("sends $requests requests in $read.name", async ({ read, requests }) => {
  const server = await start();
  expect(await read(server.url, "open sesame")).toEqual(PAGE);
  expect(server.takeRequests()).toBe(requests);
});

it("fails by the first call of a batch on which the others depend", async () => {
  const server = await start();
  const { message } = await failure(readInOneBatch(server.url, "wrong"));
  expect(message).toBe("This token doesn't exist.");
});
