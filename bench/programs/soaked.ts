/** A table in an evening that never ends: it speaks and whispers by turns, and tells what it holds. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answer, argument } from "../support/answer.ts";
import { takeCensus } from "../support/census.ts";
import { rssAfterGc } from "../support/memory.ts";
import { serveHere } from "../support/serve-here.ts";

const { players } = argument<{ players: string[] }>();
/** Every so many lines one is stopped. */
const STOPPED = 5;
/** Lines whose texts are kept for who comes back, at most: 256 KiB of them. */
const TEXTS = 1_000;
const AT_ONCE = 50;

const campaignDir = await mkdtemp(join(tmpdir(), "bardcast-soak-"));
const server = await serveHere({
  engines: ["espeak"],
  pool: { size: 2 },
  players,
  campaignDir,
  // What is kept on purpose is as much as it will ever be long before anything is compared.
  cache: { memoryBytes: 1 << 20, diskBytes: 1 << 22 },
  journal: { maxChars: 16_384 },
  history: { keepMs: 2_000 },
  connectionsPerAddress: 1_000,
  // All of them come from this machine.
  door: { address: { perSecond: 1e6, burst: 1e6 } },
});
const { party } = server;

let said = 0;
let problems = 0;
let isSpeaking = false;
let speaking = Promise.resolve();

async function speak(): Promise<void> {
  while (isSpeaking) {
    said += 1;
    const player = players[said % players.length] ?? "";
    // A whisper names whom it is for: whoever else hears that tells.
    const line =
      said % 2 === 0
        ? party.speak({ text: `For ${player} alone, number ${said}.`, to: [player] })
        : party.speak({ text: `Hear, hear. This is number ${said}.` });
    if (said % STOPPED === 0) line.cancel();
    problems += (await line.handedOver).problems.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Texts of lines that nobody hears: as many are kept as ever will be, before anything is compared. */
async function fill(): Promise<void> {
  for (let said = 0; said < TEXTS; said += AT_ONCE) {
    const lines = Array.from({ length: AT_ONCE }, () =>
      party.speak({ text: "Hear, hear. This is number 0." }),
    );
    for (const line of lines) line.cancel();
    await Promise.all(lines.map(({ done }) => done));
  }
}

/** Ends what is said: a line keeps what it knows of each visit for as long as it is open. */
async function fallSilent(): Promise<void> {
  isSpeaking = false;
  const open = [...party.streams.utterances];
  for (const line of open) line.cancel();
  await Promise.all([speaking, ...open.map(({ done }) => done)]);
}

answer({
  addresses: () =>
    Promise.all(
      players.map(async (player) => {
        return `${server.url.replace("http", "ws")}/ws?token=${await party.tokens.issue(player)}`;
      }),
    ),
  fill,
  speak() {
    isSpeaking = true;
    speaking = speak();
  },
  fallSilent,
  count: () => party.connections.connectionCount(),
  async held() {
    const rss = await rssAfterGc();
    const { workers, restarts } = party.speech;
    return { heap: process.memoryUsage().heapUsed, rss, workers, restarts, said, problems };
  },
  census: takeCensus,
  async end() {
    await server.close();
    await rm(campaignDir, { recursive: true });
  },
});
