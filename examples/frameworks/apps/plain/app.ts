/** An application without a framework. */
export async function app(request: Request): Promise<Response> {
  const isKnown = new URL(request.url).pathname === "/hello";
  return new Response(isKnown ? "Hello." : "Nothing here.", {
    status: isKnown ? 200 : 404,
    headers: { "X-App": "app" },
  });
}
