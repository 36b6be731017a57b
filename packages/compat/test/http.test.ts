import { describe, expect, test } from "vitest";
import { newHttpBatchRpcResponse, newWorkersRpcResponse, RpcTarget } from "../src/index.ts";

class Api extends RpcTarget {
  lengthOf(text: string) {
    return text.length;
  }
}

function batch(text: string, headers = {}) {
  const body = `${JSON.stringify(["push", ["pipeline", 0, ["lengthOf"], [text]]])}\n["pull",1]`;
  return new Request("http://x/", { method: "POST", body, headers });
}

describe("a server of HTTP batches, with the defaults of capnweb,", () => {
  const headers = { Origin: "https://other.example", Cookie: "session=1" };

  test("takes messages of more than 4 Mi code units", async () => {
    const text = "x".repeat(5 * 1024 * 1024);
    const response = await newHttpBatchRpcResponse(batch(text), new Api());
    expect(await response.text()).toBe(`["resolve",1,${text.length}]`);
  });

  test("answers pages of every origin, unless the options forbid it", async () => {
    expect((await newHttpBatchRpcResponse(batch("x", headers), new Api())).status).toBe(200);
    const response = await newWorkersRpcResponse(batch("x", headers), new Api());
    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const options = { origins: "same-site" } as const;
    const refused = await newHttpBatchRpcResponse(batch("x", headers), new Api(), options);
    expect(refused.status).toBe(403);
  });
});
