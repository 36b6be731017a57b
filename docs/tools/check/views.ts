import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium, type Page } from "playwright-core";
import sirv from "sirv";
import { chromiumOptions } from "../../../scripts/chromium.mjs";
import { BASE } from "../../.vitepress/site/address.ts";
import { DIST } from "./dist.ts";

/** A page at a width, in a colour scheme. */
export interface View {
  readonly path: string;
  readonly width: number;
  readonly scheme: "light" | "dark";
}

const WIDTHS = [1280, 390];
const SCHEMES = ["light", "dark"] as const;

/** Serves the site, and opens every view of the pages in one browser. */
export async function forEachView(
  paths: readonly string[],
  visit: (page: Page, view: View, errors: readonly string[]) => Promise<void>,
): Promise<void> {
  await using site = await serve();
  const browser = await chromium.launch(chromiumOptions());
  try {
    for (const scheme of SCHEMES) {
      for (const width of WIDTHS) {
        const page = await browser.newPage({
          viewport: { width, height: 900 },
          colorScheme: scheme,
          reducedMotion: "reduce",
        });
        let errors: string[] = [];
        page.on("pageerror", (error) => errors.push(String(error)));
        page.on("console", (message) => {
          if (message.type() === "error") errors.push(`console: ${message.text()}`);
        });
        for (const path of paths) {
          errors = [];
          await page.goto(site.url + path, { waitUntil: "networkidle" });
          await visit(page, { path, width, scheme }, errors);
        }
        await page.close();
      }
    }
  } finally {
    await browser.close();
  }
}

async function serve(): Promise<{ url: string } & AsyncDisposable> {
  const files = sirv(DIST, { extensions: ["html"] });
  const server = createServer((request, response) => {
    if (request.url?.startsWith(BASE)) request.url = request.url.slice(BASE.length - 1);
    files(request, response, () => void response.writeHead(404).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${BASE}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
