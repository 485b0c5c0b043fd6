/** A table with a listener on each of many seats, beside whom others behave badly: what is measured is how the many fare. */
import type { Encoding } from "../../src/engines/contract/sentence-job.ts";
import type { Utterance } from "../../src/party/request/utterance.ts";
import { answer, argument } from "../support/answer.ts";
import { prepare, preparedEngine } from "../support/prepared.ts";
import { serveHere } from "../support/serve-here.ts";
import { watchStalls } from "../support/stall.ts";

const { encoding, seats } = argument<{ encoding: Encoding; seats: number }>();
const players = Array.from({ length: seats }, (_, seat) => `p${seat}`);
const server = await serveHere({
  engines: [preparedEngine(await prepare(encoding))],
  players,
  cache: false,
  // All of them come from this machine: what is to hold is what one player may do.
  connectionsPerAddress: 10_000,
  door: { address: { perSecond: 1e6, burst: 1e6 } },
});
const { party } = server;
let line: Utterance | undefined;

answer({
  addresses: (from: number, count: number) =>
    Promise.all(
      players.slice(from, from + count).map(async (player) => {
        return `${server.url.replace("http", "ws")}/ws?token=${await party.tokens.issue(player)}`;
      }),
    ),
  count: () => party.connections.connectionCount(),
  /** Tells each of these seats so many characters for whom nothing waits. @returns for how many something did */
  fill(from: number, count: number, chars: number) {
    const seated = new Set(players.slice(from, from + count));
    const own = party.connections.all().filter(({ player }) => seated.has(player));
    const idle = own.filter(({ bufferedBytes }) => bufferedBytes === 0);
    const message = JSON.stringify({ type: "system", content: "x".repeat(chars) });
    for (const { player } of idle) party.connections.sendToPlayer(player, message);
    return own.length - idle.length;
  },
  /** Says a line. @returns when it was said, ms since the epoch */
  say(sentences: number) {
    const saidAt = performance.timeOrigin + performance.now();
    line = party.speak({ text: "One. ".repeat(sentences) });
    return saidAt;
  },
  /** Cancels it after so many ms: nobody says how far they hear it, and what becomes of it is known seconds later. */
  async stop(waitMs: number) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    line?.cancel();
  },
  stall: watchStalls(),
});
