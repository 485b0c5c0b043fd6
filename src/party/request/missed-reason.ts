/**
 * Why somebody did not hear all of a line: closed the page, lost the connection, and did not come back; says
 * nothing any more; went on to the next line; came late; could not keep up; others were to hear something else.
 */
export type MissedReason = "left" | "lost" | "silent" | "skipped" | "late" | "behind" | "dropped";
