import type { BusConnection } from "../connection.ts";
import type { Liveness } from "./lease-store.ts";

/** What a session's answers are asked at. */
function subjectOf(session: string): string {
  return `bc1.live.${session}`;
}

/**
 * Whether sessions have a connection, asked of the server: it says at once where nobody listens.
 * @param answerMs how long a node may take before nothing is known of it
 */
export function liveSubjects(connection: BusConnection, answerMs: number): Liveness {
  return {
    onBreak: (listener) => connection.onChange(listener),
    answerFor(session) {
      const listening = connection.client.subscribe(subjectOf(session), {
        callback: (_error, message) => void message.respond(),
      });
      return () => listening.unsubscribe();
    },
    async isThere(session) {
      try {
        await connection.request(subjectOf(session), "", { ms: answerMs });
        return true;
      } catch (error) {
        return (error as { code?: unknown }).code !== "not-found";
      }
    },
  };
}
