/** A session for commands that only make what a script declares. @module */
import { openSession, type Session } from "../dsl/interpret/session.ts";
import type { Source } from "../dsl/text/source.ts";
import { terminalHost } from "./host.ts";
import type { Streams } from "./main.ts";
import { progressLine } from "./progress.ts";
import { report } from "./status.ts";

/** Calls a function with a session that keeps no results, reports its errors, and closes the session. */
export async function withSession(
  sources: readonly Source[],
  { out, err, end }: Streams,
  use: (session: Session) => Promise<void>,
): Promise<void> {
  const host = terminalHost({ out, progress: progressLine(err) });
  const session = openSession({ host, device: "cpu" });
  try {
    await use(session);
  } catch (error) {
    end(report(error, err, sources));
  } finally {
    await session.close();
  }
}
