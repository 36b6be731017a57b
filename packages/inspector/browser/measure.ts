// Measures how smoothly the page scrolls through 10,000 calls: `npm run bench:inspector-page`. It
// scrolls 100 pixels per frame, as a wheel does, and then far more than a screenful, as a dragged
// scroll bar does. It prints the times from frame to frame, and the time until the rows are drawn
// and laid out.
import { RpcTarget } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { chromium } from "playwright-core";
import { chromiumOptions } from "../../../scripts/chromium.mjs";
import { serve } from "./served.ts";

class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
}

const FRAMES = 300;
/** Pixels per frame. */
const STEPS = { wheel: 100, "scroll bar": 2_000 };
const served = await serve(() => new Api());
const api = newWebSocketRpcSession<any>(served.url);
for (let i = 0; i < 100; i++) {
  await Promise.all(Array.from({ length: 100 }, (_, j) => api.greet(`n${100 * i + j}`)));
}
const browser = await chromium.launch(chromiumOptions());
const page = await browser.newPage({ viewport: { width: 1180, height: 620 } });
await page.goto(served.pageUrl);
for (const [name, key] of [
  ["calls", "1"],
  ["messages", "4"],
] as const) {
  await page.keyboard.press(key);
  await page.locator("#view [role=option]").filter({ hasText: "n9999" }).first().waitFor();
  const at = (list: readonly number[], share: number) =>
    [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * share)]!.toFixed(1);
  for (const [way, step] of Object.entries(STEPS)) {
    const times = await page.evaluate(scroll, [FRAMES, step] as const);
    for (const [kind, list] of Object.entries(times)) {
      const [half, most, worst] = [0.5, 0.95, 1].map((share) => at(list, share));
      console.log(`${name}, ${way}, ${kind}: median ${half}, p95 ${most}, longest ${worst} ms`);
    }
  }
}
await browser.close();
api[Symbol.dispose]();
await served.stop();

/** Scrolls up, pixels per frame, and returns milliseconds. Runs in the page. */
async function scroll([frames, step]: readonly [number, number]): Promise<{
  "frame to frame": number[];
  script: number[];
}> {
  const rows = document.querySelector(".rows")!;
  const between: number[] = [];
  const script: number[] = [];
  rows.scrollTop = rows.scrollHeight;
  let last = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
  for (let i = 0; i < frames; i++) {
    const start = performance.now();
    rows.scrollTop = rows.scrollTop > step ? rows.scrollTop - step : rows.scrollHeight;
    rows.dispatchEvent(new Event("scroll"));
    // The page draws its rows in microtasks after the event. Reading a size lays them out.
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    rows.getBoundingClientRect();
    script.push(performance.now() - start);
    const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    between.push(now - last);
    last = now;
  }
  return { "frame to frame": between, script };
}
