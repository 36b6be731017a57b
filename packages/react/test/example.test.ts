// @vitest-environment jsdom
import { readFileSync } from "node:fs";
import { RpcSession } from "@capnweb/core";
import { connect } from "@capnweb/reconnect";
import { createMemoryLink } from "@capnweb/testkit";
import { createElement } from "react";
import { expect, onTestFinished, test, vi } from "vitest";
import { Api, Page } from "./example.tsx";
import { render } from "./support.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("the example of the README works", async () => {
  expect(read("../README.md")).toContain(`\`\`\`tsx\n${read("example.tsx")}\`\`\``);
  const connection = connect<Api>({
    open() {
      const link = createMemoryLink();
      new RpcSession(link.server, new Api());
      return link.client;
    },
  });
  onTestFinished(() => connection.close());
  const { element } = render(createElement(Page, { connection }));
  await vi.waitFor(() => expect(element.textContent).toBe("user 427 online"));
});
