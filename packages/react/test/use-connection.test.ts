// @vitest-environment jsdom
import { RpcSession } from "@capnweb/core";
import { connect } from "@capnweb/reconnect";
import { createMemoryLink } from "@capnweb/testkit";
import { createElement } from "react";
import { expect, test, vi } from "vitest";
import { useConnection } from "../src/index.ts";
import { Api, gate, Log, render } from "./support.ts";

test("shows the state of a connection", async () => {
  let link: ReturnType<typeof createMemoryLink> | undefined;
  const { open, opened } = gate();
  const connection = connect<Api>({
    async open() {
      if (link) await opened;
      link = createMemoryLink();
      new RpcSession(link.server, new Api(new Log()));
      return link.client;
    },
  });
  const { element } = render(createElement(() => useConnection(connection)));
  await vi.waitFor(() => expect(element.textContent).toBe("open"));
  link!.cut();
  await vi.waitFor(() => expect(element.textContent).toBe("interrupted"));
  open();
  await vi.waitFor(() => expect(element.textContent).toBe("open"));
  connection.close();
  await vi.waitFor(() => expect(element.textContent).toBe("closed"));
});
