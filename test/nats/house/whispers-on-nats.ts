import type { TappedMessage } from "./nats-tap.ts";
import type { PartySchedule } from "./party-schedule.ts";

/** Names and words of whispers, as the schedules make them. */
const MARK = /5ec2e7[0-9a-f]{26}|whisper\d+x\d+y/g;
/** ms for which a node may be told what is for a player who was there: speech is made on for them, as they may come back. */
const MAY_COME_BACK_MS = 17_000;

/**
 * Whispers that went where they do not belong: on a subject that anybody hears, at another table, or to a node where their
 * player was not.
 */
export function strayWhispers(
  messages: readonly TappedMessage[],
  schedules: readonly PartySchedule[],
): { strays: string[]; seen: number } {
  const strays = new Set<string>();
  let seen = 0;
  for (const message of messages)
    for (const [mark] of new Set(message.text.matchAll(MARK))) {
      const schedule = schedules.find(({ secrets }) => secrets.has(mark));
      const player = schedule?.secrets.get(mark)?.player;
      if (!schedule || player === undefined) continue;
      seen += 1;
      const name = schedule.table === 0 ? "table" : `table-${schedule.table}`;
      const wasThere = (node: string): boolean =>
        [...schedule.listeners, schedule.onDm20].some(
          (listener) => listener.player === player && listener.wasAt(node, message.at, MAY_COME_BACK_MS),
        );
      if (!belongs(message, name, wasThere))
        strays.add(
          `${mark} for ${player}: ${message.isTold ? "to" : "from"} ${message.node} on ${message.subject}`,
        );
    }
  return { strays: [...strays], seen };
}

function belongs(
  { node, isTold, subject, reply, text }: TappedMessage,
  table: string,
  wasThere: (node: string) => boolean,
): boolean {
  // The holder is asked for the line, and told how it was heard; it stores it, and whoever holds the party next reads that.
  if (subject === `bc1.p.${table}.do` || subject === `bc1.p.${table}.heard`) return true;
  if (new RegExp(`^bc1\\.log\\.\\d+\\.${table}$`).test(subject))
    return !isTold || reply.startsWith("$JS.ACK.BC1_LOG_");
  const inbox = new RegExp(`^bc1\\.n\\.(\\w+)\\.p\\.${table}\\.w\\.(log|f)$`).exec(subject);
  if (inbox) return wasThere(inbox[1] ?? "");
  // An answer: to whoever passed the request on, or to one that missed something.
  if (!subject.startsWith("_INBOX.") || !isTold) return subject.startsWith("_INBOX.");
  return text.includes('"status":') || wasThere(node);
}
