// @vitest-environment jsdom
import { createElement } from "react";
import { expect, test, vi } from "vitest";
import { useLive } from "../src/index.ts";
import { render, serve } from "./support.ts";

test("shows the latest value of a stream, which it cancels when the last component leaves", async () => {
  const { api, main, log } = serve();
  const Count = () => {
    const { status, value } = useLive(["watch"], () => api.watch());
    return `${status} ${value}. `;
  };
  const both = [createElement(Count, { key: 1 }), createElement(Count, { key: 2 })];
  const { element, show, unmount, cache } = render(...both);
  await vi.waitFor(() =>
    expect(element.textContent).toBe("connecting undefined. connecting undefined. "),
  );
  await vi.waitFor(() => expect(log.opened).toBe(1));
  main.emit(1);
  await vi.waitFor(() => expect(element.textContent).toBe("live 1. live 1. "));
  show(both[0]);
  await vi.waitFor(() => expect(element.textContent).toBe("live 1. "));
  main.emit(2);
  await vi.waitFor(() => expect(element.textContent).toBe("live 2. "));
  expect([log.opened, log.cancelled]).toEqual([1, 0]);
  unmount();
  await vi.waitFor(() => expect([log.cancelled, cache.size]).toEqual([1, 0]));
});

test("disposes of each value after the next, reads iterables, and tells their end", async () => {
  const disposed: number[] = [];
  async function* values() {
    for (const value of [1, 2]) {
      yield { value, [Symbol.dispose]: () => void disposed.push(value) };
    }
  }
  const Latest = () => {
    const { status, value } = useLive(["values"], values);
    return `${status} ${value?.value}`;
  };
  const { element, unmount } = render(createElement(Latest));
  await vi.waitFor(() => expect(element.textContent).toBe("ended 2"));
  await vi.waitFor(() => expect(disposed).toEqual([1]));
  unmount();
  await vi.waitFor(() => expect(disposed).toEqual([1, 2]));
});

test("tells the error of a source, and keeps its last value", async () => {
  async function* values() {
    yield 1;
    throw new RangeError("lost");
  }
  const Latest = () => {
    const { status, value, error } = useLive(["values"], values);
    return `${status} ${value} ${error}`;
  };
  const { element } = render(createElement(Latest));
  await vi.waitFor(() => expect(element.textContent).toBe("failed 1 RangeError: lost"));
});

test("keeps a value that a source gives twice in turn", async () => {
  const disposed: string[] = [];
  const same = { [Symbol.dispose]: () => void disposed.push("same") };
  const next = { [Symbol.dispose]: () => void disposed.push("next") };
  async function* values() {
    yield* [same, same];
    await vi.waitFor(() => expect(element.textContent).toBe("live true"));
    yield next;
  }
  const Latest = () => {
    const { status, value } = useLive(["values"], values);
    return `${status} ${value === same}`;
  };
  const { element, unmount } = render(createElement(Latest));
  await vi.waitFor(() => expect(element.textContent).toBe("ended false"));
  await vi.waitFor(() => expect(disposed).toEqual(["same"]));
  unmount();
  await vi.waitFor(() => expect(disposed).toEqual(["same", "next"]));
});
