/** A party whose workers never rest, and how late timers come on the thread that serves. */
import { createParty } from "../../src/party/create-party.ts";
import { answer } from "../support/answer.ts";
import { silentSocket } from "../support/silent-socket.ts";
import { LONG } from "../support/texts.ts";

const PLAYERS = ["thorin", "elara"];
const party = await createParty({ engines: ["espeak"], cache: false });
for (const player of PLAYERS) party.connections.connect(silentSocket(), player);
await party.streamToAll(LONG);

/** How late each of a row of timers of 1 ms came, ms. */
async function delays(ms: number): Promise<number[]> {
  const late: number[] = [];
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 1));
    late.push(performance.now() - start - 1);
  }
  return late;
}

answer({
  idle: delays,
  async busy(ms: number) {
    const end = new AbortController();
    const speaking = PLAYERS.map(async (player) => {
      while (!end.signal.aborted) await party.streamToPlayer(player, LONG, { signal: end.signal });
    });
    const late = await delays(ms);
    end.abort();
    await Promise.all(speaking);
    return late;
  },
});
