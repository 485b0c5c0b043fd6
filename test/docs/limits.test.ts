import { expect, test } from "bun:test";
import { LIMITS } from "../../src/core/observation.ts";
import { MAX_ANSWER_CHARS } from "../../src/core/protocol/answers.ts";
import { MAX_MESSAGE_BYTES, MAX_PLAYERS } from "../../src/core/protocol/messages.ts";
import { MAX_PREPARED_LINES } from "../../src/core/protocol/prepared-line.ts";
import { MAX_BEDS, MAX_SOUND_SECONDS } from "../../src/core/protocol/sounds.ts";
import { MAX_TUNED } from "../../src/core/protocol/tuning.ts";
import { V2_SAMPLE_RATE } from "../../src/core/protocol/v2.ts";
import { DEFAULT_DISK_BYTES, DEFAULT_MEMORY_BYTES } from "../../src/engines/cache/create-speech-cache.ts";
import { MAX_GUESTS } from "../../src/party/access/guests.ts";
import { DEFAULT_LOBBY_LIMITS } from "../../src/party/access/lobby.ts";
import { budgetLimits } from "../../src/party/access/message-budget.ts";
import { limitsOf } from "../../src/party/audio-stream-options.ts";
import { MAX_SOUND_BYTES } from "../../src/party/sounds/inspect-sound.ts";
import { MAX_SOUNDS } from "../../src/party/sounds/sound-library.ts";
import { TEXT_BYTES, TEXT_MS } from "../../src/party/speaking/history.ts";
import { MAX_ANSWERS } from "../../src/party/speaking/kept-utterances.ts";
import { DEFAULT_CONNECTION_LIMITS } from "../../src/party/transport/connection.ts";
import { ConnectionManager } from "../../src/party/transport/connection-manager.ts";
import { ANSWER_WITHIN_MS } from "../../src/party/transport/life-signs.ts";
import { SILENT_MS } from "../../src/party/tuning/tuning.ts";
import { DEFAULT_MAX_QUEUED } from "../../src/pool/speech-host.ts";
import { MAX_SPEECHES } from "../../src/server/openai/speeches.ts";
import type { ServeOptions } from "../../src/server/serve-options.ts";
import { CONNECTIONS_PER_ADDRESS } from "../../src/server/sockets/connection-limit.ts";
import { UNASKED_MS } from "../../src/web/ear/phone-ear.ts";
import { ROOT } from "../support/run.ts";

/** What a row of the table has to say. */
interface Limit {
  value: string;
  /** As it would be written in a program: its names are those of the table. */
  option?: ServeOptions;
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;
const RATE = { perSecond: 0, burst: 0 };

const connections = new ConnectionManager();
const usual = limitsOf({} as never);
const { player, address } = budgetLimits(connections.perPlayer);
const connectionsFile = "src/server/network/connections.ts";
const maxDraining = await constantOf("src/party/speaking/room.ts", "MAX_DRAINING");
const tickets = await rateOf("src/server/http/api.ts", "TICKET_RATE");
const answers = await rateOf("src/party/answers.ts", "RATE");
const maxSamples = await constantOf("src/server/http/console-api.ts", "MAX_SAMPLES", { V2_SAMPLE_RATE });

const RUNNING: Record<string, Limit> = {
  "characters of a line given at once": { value: count(usual.maxChars), option: { maxChars: 0 } },
  "lines speaking or waiting": { value: count(usual.maxLines), option: { maxLines: 0 } },
  "lines that are said and still heard": {
    value: `${count((maxDraining - 1) * usual.maxLines)} more`,
  },
  "sentences waiting for a worker": { value: count(DEFAULT_MAX_QUEUED), option: { pool: { maxQueued: 0 } } },
  "bytes waiting for one connection": {
    value: bytes(DEFAULT_CONNECTION_LIMITS.queueBytes),
    option: { connections: { queueBytes: 0 } },
  },
  "texts that find no room there": {
    value: bytes(await constantOf("src/party/transport/connection.ts", "LATE_BYTES")),
  },
  "time in which a connection with audio waiting takes none": {
    value: seconds(DEFAULT_CONNECTION_LIMITS.stallMs),
    option: { connections: { stallMs: 0 } },
  },
  "connections of one player or guest": {
    value: count(connections.perPlayer),
    option: { connections: { connectionsPerPlayer: 0 } },
  },
  "requests and sockets of one address": {
    value: count(CONNECTIONS_PER_ADDRESS),
    option: { connectionsPerAddress: 0 },
  },
  "connections on which nothing is asked, for longer than a second; for less (Node.js, Deno)": {
    value: `${count(await constantOf(connectionsFile, "MAX_WAITING"))}; ${count(await constantOf(connectionsFile, "MAX_UNDER_WAY"))}`,
  },
  "time until a socket says hello": {
    value: seconds(await constantOf("src/party/access/lobby.ts", "HELLO_WITHIN_MS")),
  },
  "time between two pings; time for an answer": {
    value: `${seconds(connections.silenceMs - ANSWER_WITHIN_MS)}; ${seconds(ANSWER_WITHIN_MS)}`,
    option: { connections: { heartbeatMs: 0, graceMs: 0 } },
  },
  "sockets without a hello": {
    value: `${count(DEFAULT_LOBBY_LIMITS.waiting)}; ${count(DEFAULT_LOBBY_LIMITS.waitingPerPlayer)} of one player`,
    option: { door: { waiting: 0, waitingPerPlayer: 0 } },
  },
  "a phone that listens and is asked nothing": { value: seconds(UNASKED_MS) },
  "devices of one tuning; silence of its console": { value: `${count(MAX_TUNED)}; ${seconds(SILENT_MS)}` },
  "messages of one player": {
    value: `${count(player.perSecond)} a second, ${count(player.burst)} at once`,
    option: { door: { player: RATE } },
  },
  "messages of one address": {
    value: `${count(address.perSecond / player.perSecond)} times that`,
    option: { door: { address: RATE } },
  },
  "bytes of a message from a client": { value: bytes(MAX_MESSAGE_BYTES) },
  "bytes of a JSON body": {
    value: bytes(await constantOf("src/server/http/limited-body.ts", "MAX_BODY_BYTES")),
  },
  "bytes of the body of `POST /action`": {
    value: bytes(await constantOf("src/server/http/action-api.ts", "MAX_BODY_BYTES")),
  },
  "bytes of speech kept for listeners who are behind": {
    value: `${bytes(usual.retainBytes)} a line`,
    option: { retainBytes: 0 },
  },
  "requests on one connection (Node.js, Deno)": {
    value: count(await constantOf("src/server/node.ts", "MAX_REQUESTS")),
  },
  "characters of long messages that are kept as bytes for all who are sent them (Node.js, Deno)": {
    value: bytes(await constantOf("src/server/network/text-bytes.ts", "KEPT_CHARS")),
  },
  "speech of lines that are over": {
    value: `${seconds(usual.keepMs)}, ${bytes(usual.historyBytes)}`,
    option: { history: { keepMs: 0, bytes: 0 } },
  },
  "speech that is cached": {
    value: `${bytes(DEFAULT_MEMORY_BYTES)}; ${bytes(DEFAULT_DISK_BYTES)} on disk`,
    option: { cache: { memoryBytes: 0, diskBytes: 0 } },
  },
  seats: { value: count(MAX_PLAYERS) },
  guests: { value: count(MAX_GUESTS) },
  "texts spoken for other programs at once": { value: count(MAX_SPEECHES) },
  "connections that speak Wyoming; texts of one that wait": {
    value: `${count(await constantOf("src/server/wyoming/wyoming-server.ts", "MAX_CONNECTIONS"))}; ${count(await constantOf("src/server/wyoming/wyoming-conversation.ts", "MAX_WAITING"))}`,
  },
  "tickets not used yet": {
    value: `${count(await constantOf("src/party/access/tickets.ts", "MAX_TICKETS"))}; ${count(await constantOf("src/party/access/tickets.ts", "MAX_OWN"))} of one person`,
  },
  "tickets of one person": { value: `${tickets.perSecond} a second, ${tickets.burst} at once` },
  "sessions of MCP": {
    value: `${count(await constantOf("src/server/mcp/mcp-sessions.ts", "MAX_SESSIONS"))}; ${count(await constantOf("src/server/mcp/mcp-sessions.ts", "MAX_PER_PERSON"))} of one person`,
  },
  "what a player tells: at once, for each second, characters": {
    value: `${answers.burst}, ${answers.perSecond}, ${count(MAX_ANSWER_CHARS)}`,
  },
  "what players told that is kept": { value: count(MAX_ANSWERS) },
  "previews that are made at once; sound of one": {
    value: `${count(await constantOf("src/server/http/console-api.ts", "MAX_PREVIEWS"))}; ${minutes(maxSamples / V2_SAMPLE_RATE)}`,
  },
  "sounds of a campaign; bytes and length of one": {
    value: `${count(MAX_SOUNDS)}; ${bytes(MAX_SOUND_BYTES)}, ${minutes(MAX_SOUND_SECONDS)}`,
  },
  "sounds that are uploaded at once; beds that play": {
    value: `${count(await constantOf("src/server/http/sounds-api.ts", "MAX_UPLOADS"))}; ${count(MAX_BEDS)}`,
  },
  "prepared lines": { value: count(MAX_PREPARED_LINES) },
  "lines in one page of `GET /api/log`": {
    value: count(await constantOf("src/server/http/line-routes.ts", "PAGE")),
  },
};

const journal = "src/party/speaking/utterance-journal.ts";
const kept = "src/party/speaking/kept-utterances.ts";
const AFTER_RESTART: Record<string, Limit> = {
  [`characters kept of what was said, with about ${await constantOf(kept, "OVERHEAD")} for each record besides its text`]:
    {
      value: count(await constantOf(journal, "DEFAULT_CHARS")),
      option: { journal: { maxChars: 0 } },
    },
  "texts that are told to who comes back": { value: `${bytes(TEXT_BYTES)}, ${hours(TEXT_MS)}` },
  "processes whose pages are known when they come back": {
    value: count(await constantOf(kept, "MAX_LIVES")),
  },
  "records that wait for the disk": {
    value: count(await constantOf("src/party/storage/journal-file.ts", "MAX_WAITING")),
  },
  "seats, and seats that were taken away": { value: `${count(MAX_PLAYERS)} each` },
  "NPCs whose race and gender are known": {
    value: count(await constantOf("src/party/request/cast-memory.ts", "MAX_KNOWN")),
  },
  "the console's draft": {
    value: bytes(await constantOf("src/server/http/limited-body.ts", "MAX_BODY_BYTES")),
  },
  "time that a request waits for a disk that does not answer": {
    value: seconds(await constantOf("src/party/storage/journal-file.ts", "PATIENCE_MS")),
  },
};

const reliability = await Bun.file(`${ROOT}/docs/reliability.md`).text();

test.each([
  ["### Limits", AFTER_RESTART],
  ["## Limits of a running table", RUNNING],
] as const)(
  "what stands below %s is what the code does, and its options are those that there are",
  (heading, limits) => {
    const rows = rowsBelow(heading).map(([name = "", value, option]) => [plain(name), { value, option }]);
    const expected = Object.entries(limits).map(([name, limit]) => [
      name,
      { value: limit.value, option: limit.option ? `\`${written(limit.option)}\`` : "" },
    ]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected));
  },
);

test("every limit that is counted stands there by the name that metrics have for it", () => {
  const named = rowsBelow("## Limits of a running table").flatMap(([, , , , metric = ""]) =>
    [...metric.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
  const limits = new Set(named.filter((name) => !name.startsWith("bardcast_")));
  expect(limits).toEqual(new Set<string>(LIMITS));
});

/** The cells of the table below a heading. */
function rowsBelow(heading: string): string[][] {
  const [, section = ""] = reliability.split(`\n${heading}\n`);
  const lines = section.split(/\n#+ /, 1)[0]?.split("\n") ?? [];
  const rows = lines.filter((line) => line.startsWith("|")).map((line) => line.split("|").slice(1, -1));
  return rows.slice(2).map((cells) => cells.map((cell) => cell.trim()));
}

/** Without links. */
function plain(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}

/** As the table writes an option: `history: { keepMs, bytes }`. */
function written(option: object): string {
  const [[name, value] = []] = Object.entries(option);
  return typeof value === "object" ? `${name}: { ${Object.keys(value).join(", ")} }` : `${name}`;
}

/** A constant that a file keeps to itself: a product of numbers, and of such as are given by name. */
async function constantOf(file: string, name: string, known: Record<string, number> = {}): Promise<number> {
  const factors = (await wordsOf(file, name)).split("*").map((factor) => factor.trim());
  const product = factors.reduce(
    (all, factor) => all * (known[factor] ?? Number(factor.replaceAll("_", ""))),
    1,
  );
  if (!Number.isFinite(product)) throw new Error(`${file}: ${name} is ${factors.join(" * ")}`);
  return product;
}

async function rateOf(file: string, name: string): Promise<{ perSecond: number; burst: number }> {
  const [, perSecond, burst] = /perSecond: ([\d.]+), burst: (\d+)/.exec(await wordsOf(file, name)) ?? [];
  return { perSecond: Number(perSecond), burst: Number(burst) };
}

async function wordsOf(file: string, name: string): Promise<string> {
  const source = await Bun.file(`${ROOT}/${file}`).text();
  const [, words] = new RegExp(`^(?:export )?const ${name}(?:: \\w+)? = (.*);$`, "m").exec(source) ?? [];
  if (words === undefined) throw new Error(`${file} has no ${name}`);
  return words;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function bytes(number: number): string {
  return number % MEBIBYTE === 0 ? `${number / MEBIBYTE} MiB` : `${number / KIBIBYTE} KiB`;
}

function seconds(ms: number): string {
  return `${ms / 1000} seconds`;
}

function minutes(s: number): string {
  return `${["no", "one", "two", "three", "four", "five"][s / 60] ?? s / 60} minutes`;
}

function hours(ms: number): string {
  return ms === 3_600_000 ? "one hour" : `${ms / 3_600_000} hours`;
}
