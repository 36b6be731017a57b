import { HABITS } from "../conformance/habits.ts";
import { REPORT_FORMATS } from "../report/index.ts";
import { FEATURES } from "../transcript/transcript.ts";

/** The text that `--help` prints. */
export const USAGE = `Usage:
  capnweb-testkit conformance <url>   tests a server at a ws:, wss:, http: or https: URL
  capnweb-testkit serve               plays the server for a client under test
  capnweb-testkit list                lists the scenarios
  capnweb-testkit document            prints what a server or client under test has to offer
  capnweb-testkit attack <url>        attacks a server (attack --help tells more)

Scenarios:
  --features a,b    only those that need no other features than these of
                    ${FEATURES.join(" ")}
  --skip a,b        none that need one of these
  --only p          only those with an id that the pattern fits (* stands for any text), or with the
                    text in their names; may be repeated
  --exclude p       none that the pattern fits; may be repeated
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

Time:
  --parallel n      conformance: how many scenarios run at once (default 1)
  --timeout ms      how long the peer has for a message (default 5000)
  --linger ms       how long to listen after a scenario, while others run (default 100)
  --wait s          conformance: seconds that the server has to start (default 0)
  --idle ms         serve: how long a client may be silent before it counts as gone (default 60000)

  --port n          where to serve (default: any that is free)
  --host h          where to serve (default 127.0.0.1)
  --version, --help

Exits with 0 if nothing failed, 1 if something did, nothing was run, or there is no server, 2 if it was
called wrongly.
`;
