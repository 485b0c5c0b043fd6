/** A table with a listener on each of many seats, beside whom others behave badly: what is measured is how the many fare. */
import type { Encoding } from "../../src/engines/contract/sentence-job.ts";
import { answer, argument } from "../support/answer.ts";
import { prepare, preparedEngine } from "../support/prepared.ts";
import { serveHere } from "../support/serve-here.ts";

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

/** How late the latest of a row of timers of 5 ms has come since it was asked last, ms. */
let stallMs = 0;
let before = performance.now();
setInterval(() => {
  const now = performance.now();
  stallMs = Math.max(stallMs, now - before - 5);
  before = now;
}, 5);

answer({
  addresses: (from: number, count: number) =>
    Promise.all(
      players.slice(from, from + count).map(async (player) => {
        return `${server.url.replace("http", "ws")}/ws?token=${await party.tokens.issue(player)}`;
      }),
    ),
  count: () => party.connections.connectionCount(),
  /** Says a line and cancels it after so many ms. @returns when it was said, ms since the epoch */
  async say(sentences: number, waitMs: number) {
    const saidAt = performance.timeOrigin + performance.now();
    const line = party.speak({ text: "One. ".repeat(sentences) });
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    // Nobody says how far they hear it: what becomes of it is known seconds later.
    line.cancel();
    return saidAt;
  },
  stall() {
    const ms = stallMs;
    stallMs = 0;
    return ms;
  },
});
