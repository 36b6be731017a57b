/** Codes of errors that the user can mend, so that their messages suffice. */
const OF_USERS = /^(USAGE|DESCRIPTOR_LIMIT|ERR_PARSE_ARGS_.*)$/;

/** Runs a command, and shows its error. */
export async function attempt(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    console.error(OF_USERS.test(String(code)) ? message : error);
    process.exitCode = 1;
  }
}
