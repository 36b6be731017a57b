// Web pages that run modules in browsers.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** Serves a page that does nothing but run a module. */
export async function serveModule(module) {
  const server = createServer((request, response) => {
    const isModule = request.url === "/module.mjs";
    response.setHeader("content-type", isModule ? "text/javascript" : "text/html");
    response.end(
      isModule ? readFileSync(module) : '<script type="module" src="module.mjs"></script>',
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
