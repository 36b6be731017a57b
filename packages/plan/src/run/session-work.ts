/** The work of all plans of one session, which is bounded together. */
export class SessionWork {
  /** Calls under way. */
  calls = 0;
  /** Plans under way. */
  runs = 0;
  /** Bytes that the plans under way have made and received. */
  bytes = 0;
}

/** The work of the plans of all sessions, of any runner: a process has one memory. */
class ProcessWork {
  bytes = 0;
  /** Sessions with plans under way. */
  sessions = 0;

  /** Notes that a plan of a session begins. */
  begin(session: SessionWork): void {
    if (session.runs++ === 0) this.sessions++;
  }

  /** Notes that a plan of a session has ended. */
  end(session: SessionWork): void {
    if (--session.runs === 0) this.sessions--;
  }

  /** Counts bytes that a plan takes, or gives back if they are below 0. */
  hold(session: SessionWork, bytes: number): void {
    session.bytes += bytes;
    this.bytes += bytes;
  }

  /**
   * True if all plans together are over a number of bytes, and a session has more than its equal
   * share. Those with less go on, so that a few large ones don't stop everyone's.
   */
  isOver(session: SessionWork, most: number): boolean {
    return this.bytes > most && session.bytes > most / this.sessions;
  }
}

export const PROCESS: ProcessWork = new ProcessWork();
