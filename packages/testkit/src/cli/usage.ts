import { HABITS } from "../conformance/habits.ts";
import { REPORT_FORMATS } from "../report/index.ts";
import { FEATURES } from "../transcript/features.ts";
import { PROTOCOL_VERSIONS } from "../transcript/versions.ts";

/** The text that `--help` prints. */
export const USAGE = `Usage:
  capnweb-testkit conformance <url>   tests a server at a ws:, wss:, http: or https: URL
  capnweb-testkit serve               plays the server for a client under test
  capnweb-testkit reference serve     serves the application, with a correct server
  capnweb-testkit reference run <url> runs a correct client: at a ws: URL, on a server with the
                                      application; at an http: URL, on capnweb-testkit serve
  capnweb-testkit list                lists the scenarios
  capnweb-testkit matrix <file>...    compares JSON reports (matrix --help tells more)
  capnweb-testkit document            prints what a server or client under test has to offer
  capnweb-testkit attack <url>        attacks a server (attack --help tells more)
  capnweb-testkit proxy               forwards connections and cuts them (proxy --help tells more)

Scenarios:
  --profile v       only those of a version of the protocol and of earlier ones:
                    ${PROTOCOL_VERSIONS.join(" ")}
  --features a,b    only those that need no other features than these of
${indented(FEATURES)}
  --skip a,b        none that need one of these
  --only p          only those with an id (VAL-017) or file name that the pattern fits (* stands for
                    any text), or with the text in their names; may be repeated
  --exclude p       none that the pattern fits; may be repeated
  --demands         only those that can fail, and none that are informational
  --batch           only those that fit in one HTTP batch
  --for side        list: only those for a server, or for a client

Verdicts:
  --known file      scenarios that are known to fail: an id or pattern a line, # begins a comment.
                    A listed id that passes fails the run
  --strict          refuses legal habits, in which implementations differ:
                    ${Object.keys(HABITS).join(", ")}
  --partial         serve: the client needn't run all scenarios

Output:
  --format f        ${REPORT_FORMATS.join(", ")} (default human)
  --report f=file   also writes a report to a file, such as html=report.html; may be repeated
  --name text       the implementation's name in reports

Time:
  --start command   conformance: starts the server with a shell command, and ends it afterwards
  --wait s          conformance: seconds that the server has to start (default 0; 30 with --start)
  --parallel n      conformance: how many scenarios run at once (default 1)
  --timeout ms      how long the peer has for a message (default 5000)
  --linger ms       how long to listen after a scenario, while others run (default 100)
  --total s         how long the whole run may take (default 3600). Scenarios that aren't over by
                    then are skipped, and the run fails
  --idle ms         serve: how long a client may be silent before it counts as gone (default 60000)

  --port n          where to serve (default: any that is free)
  --host h          where to serve (default 127.0.0.1)
  --announce        reference: announces extensions, as our sessions do by default
  --verbose         reference serve: prints all messages
  --version, --help

Exits with 0 if nothing failed, 1 if something did, nothing was run, or there is no server, 2 if the
command was wrong.
`;

function indented(words: readonly string[]): string {
  const lines: string[] = [""];
  for (const word of words) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length > 78) lines.push(word);
    else lines[lines.length - 1] = line;
  }
  return lines.map((line) => " ".repeat(20) + line).join("\n");
}
