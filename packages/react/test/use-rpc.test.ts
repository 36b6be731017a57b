// @vitest-environment jsdom
import { createElement, useLayoutEffect, useState } from "react";
import { expect, test, vi } from "vitest";
import { useRpc } from "../src/index.ts";
import { gate, render, serve } from "./support.ts";

test("suspends until the result is there, with one call for all components and mounts", async () => {
  const { api, log } = serve();
  const Greeting = ({ name }: { name: string }) =>
    useRpc(["greet", api, name], () => api.greet(name));
  const { element } = render(
    createElement(Greeting, { name: "Ada", key: 1 }),
    createElement(Greeting, { name: "Ada", key: 2 }),
  );
  await vi.waitFor(() => expect(element.textContent).toBe("Hello, Ada! (1)Hello, Ada! (1)"));
  expect(log.calls).toBe(1);
});

test("keeps results of different stubs and arguments apart", async () => {
  const [first, second] = [serve(), serve()];
  const Greeting = ({ of: { api }, name }: { of: typeof first; name: string }) =>
    useRpc(["greet", api, name], () => api.greet(name));
  const { element } = render(
    createElement(Greeting, { of: first, name: "Ada", key: 1 }),
    createElement(Greeting, { of: first, name: "Eve", key: 2 }),
    createElement(Greeting, { of: second, name: "Ada", key: 3 }),
  );
  await vi.waitFor(() => expect(element.textContent).toMatch(/Ada.*Eve.*Ada/));
  // A key doesn't look into a stub, which would be a call.
  expect([first.log.calls, second.log.calls]).toEqual([2, 1]);
});

test("disposes of a result that no component uses any more, and of no other", async () => {
  const { api, log } = serve();
  const Title = () => useRpc(["page"], () => api.page("A title")).title;
  const { element, show, unmount, cache } = render(
    createElement(Title, { key: 1 }),
    createElement(Title, { key: 2 }),
  );
  await vi.waitFor(() => expect(element.textContent).toBe("A titleA title"));
  show(createElement(Title, { key: 1 }));
  await vi.waitFor(() => expect(element.textContent).toBe("A title"));
  expect([log.disposed, cache.size]).toEqual([0, 1]);
  unmount();
  await vi.waitFor(() => expect([log.disposed, cache.size]).toEqual([1, 0]));
});

test("keeps what a component has read while it waits for more, and hands over stubs", async () => {
  const { api, log } = serve();
  const Text = () => {
    const note = useRpc(["note"], () => api.note("A note"));
    const text = useRpc(["text", note], async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return note.text();
    });
    // A stub is a function, which React would call.
    const [kept] = useState(() => note);
    return kept === note ? text : "another";
  };
  const { element, unmount } = render(createElement(Text));
  await vi.waitFor(() => expect(element.textContent).toBe("A note"));
  unmount();
  await vi.waitFor(() => expect([log.calls, log.disposed]).toEqual([1, 1]));
});

test("hands the error of a call to the error boundary", async () => {
  const { api } = serve();
  const Failing = () => useRpc(["fail"], () => api.fail());
  const { element } = render(createElement(Failing as () => null));
  await vi.waitFor(() => expect(element.textContent).toBe("No such thing."));
});

test("loads an invalidated result again, shows the old one meanwhile, and disposes of it", async () => {
  const { api, log } = serve();
  const { open, opened } = gate();
  let loads = 0;
  const Title = () => {
    const { title } = useRpc(["page"], async () => {
      if (++loads > 1) await opened;
      return api.page(loads > 1 ? "new" : "old");
    });
    return title;
  };
  const { element, cache } = render(createElement(Title));
  await vi.waitFor(() => expect(element.textContent).toBe("old"));
  cache.invalidate(["page"]);
  await vi.waitFor(() => expect(loads).toBe(2));
  expect([element.textContent, log.disposed]).toEqual(["old", 0]);
  open();
  await vi.waitFor(() => expect([element.textContent, log.disposed]).toEqual(["new", 1]));
});

test("loads a result again that is invalidated before the component's effects have run", async () => {
  const { api, log } = serve();
  let loads = 0;
  const Title = () => {
    const { title } = useRpc(["page"], () => api.page(++loads > 1 ? "new" : "old"));
    useLayoutEffect(() => {
      if (title === "old") rendered.cache.invalidate(["page"]);
    }, [title]);
    return title;
  };
  const rendered = render(createElement(Title));
  await vi.waitFor(() => expect(rendered.element.textContent).toBe("new"));
  await vi.waitFor(() => expect(log.disposed).toBe(loads - 1));
});

test("disposes of the result of a component that left while it was loading", async () => {
  const { api, log } = serve();
  const { open, opened } = gate();
  const Title = () => {
    const { title } = useRpc(["page"], async () => {
      await opened;
      return api.page("late");
    });
    return title;
  };
  const { element, show, cache } = render(createElement(Title));
  await vi.waitFor(() => expect(element.textContent).toBe("Loading."));
  show();
  await vi.waitFor(() => expect(element.textContent).toBe(""));
  open();
  await vi.waitFor(() => expect([log.disposed, cache.size]).toEqual([1, 0]));
});
