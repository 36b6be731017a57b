// A chat over WebTransport: run `npx tsx examples/webtransport/src/main.ts`, then open the page
// that it names, or start a client in Node: `npx tsx examples/webtransport/src/client.ts
// URL-OF-THE-PAGE NAME`.
import { startServer } from "./server.ts";

const server = await startServer({ site: 8080, webTransport: 4433 });
console.log(`The page: ${server.siteUrl}`);
console.log(`In Node:  npx tsx examples/webtransport/src/client.ts ${server.siteUrl} NAME`);
if (!server.hasHttp3) {
  console.log(
    "\nBrowsers speak WebTransport over HTTP/3 only, and this server has HTTP/2 only: the page won't\n" +
      "connect. Install @fails-components/webtransport-transport-http3-quiche for HTTP/3.",
  );
}
process.once("SIGINT", () => void server.stop());
