import { changeTagged } from "../changes.ts";
import { receiving, sending, settling } from "../common.ts";
import { forbidden, type Mutant } from "../mutant.ts";

const server = forbidden("server");
const client = forbidden("client");

const withoutClass = changeTagged("error", ([tag, , ...rest]) => [tag, "Error", ...rest]);
const withoutProperties = changeTagged("error", (error) => error.slice(0, 3));
const resultsForFailures = ([tag, ...rest]: any[]) => [
  [tag === "reject" ? "resolve" : tag, ...rest],
];

/** Peers that break the rules of errors. */
export const errors: readonly Mutant[] = [
  server(
    "resolves with an error instead of rejecting",
    ["errors"],
    /expected \["reject"/,
    sending(resultsForFailures),
  ),
  server(
    "words the application's errors in its own way",
    ["errors"],
    /expected \["reject",\d+,\["error","Error","failed"\]\]/,
    settling(
      changeTagged("error", ([tag, name, text, ...rest]) => [tag, name, `${text}!`, ...rest]),
    ),
  ),
  server(
    "forgets the class of errors",
    ["errors"],
    /got \["reject",\d+,\["error","Error"/,
    settling(withoutClass),
  ),
  server(
    "drops the properties of errors",
    ["errors", "error-properties"],
    /expected \["reject",\d+,\["error","TypeError","with properties",null,\{/,
    settling(withoutProperties),
  ),
  server(
    "sends the server's stack",
    ["errors"],
    /"at server\.js:1"/,
    settling(
      changeTagged("error", ([tag, name, text, , ...rest]) => [
        tag,
        name,
        text,
        "at server.js:1",
        ...rest,
      ]),
    ),
  ),
  server(
    "shows the instance properties of targets",
    ["errors"],
    /expected \["reject",2/,
    receiving((message) => [showingProperties(message)]),
    { only: ["error-instance-property*"] },
  ),
  client(
    "answers the server's calls with results, although they fail",
    ["capabilities", "errors"],
    /expected \["reject",1/,
    settling(([, ...rest]) => ["resolve", ...rest]),
    { only: ["callback-*"] },
  ),
  client(
    "takes failures for results",
    ["errors"],
    /expected the notes \[\["\$failed"/,
    receiving(resultsForFailures),
    { only: ["error-plain*"] },
  ),
  client(
    "forgets the properties of errors",
    ["errors"],
    /expected the notes .*"code":"E"/,
    receiving((message) => [withoutProperties(message)]),
    { only: ["error-p*"] },
  ),
  client(
    "forgets the class of errors",
    ["errors"],
    /expected the notes .*got .*"Error","with properties"/,
    receiving((message) => [withoutClass(message)]),
    { only: ["error-p*"] },
  ),
];

function showingProperties(message: any[]): unknown[] {
  const [tag, expression] = message;
  if (expression?.[2]?.[0] !== "secret") return message;
  return [tag, ["pipeline", 0, ["echo"], ["an instance property is private"]]];
}
