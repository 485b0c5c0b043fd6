import type { DeliveryReport } from "../../../src/core/protocol/api.ts";
import type { Codec } from "../../../src/core/protocol/v2.ts";
import type { ActiveUtterance } from "../../../src/party/speaking/active-utterance.ts";
import { type BardcastServer, type ServeOptions, serve } from "../../../src/server/bun.ts";
import { launch, type Page } from "../browser.ts";
import { type DelayProxy, type Delays, startDelayProxy } from "./delay-proxy.ts";
import { countClicks, findMark, MARK_EVERY_MS, MARKER_RATE } from "./markers.ts";
import { installTap, placeAt, readTap, type TapOptions, type TapRecord, timeOf } from "./tap.ts";

/** One page at the table. */
export interface Seat {
  /** A network of its own between it and the server. */
  delays?: Delays;
  /** How it plays: with a worklet, or in blocks as outside secure contexts. */
  path: "worklet" | "blocks";
  codec?: Codec;
  /** False: it plays as soon as it can. */
  sync?: boolean;
  busy?: TapOptions["busy"];
}

/** What one page gave out of one line. */
export interface Heard {
  /** When each mark left the device, less when it was to; undefined where it was not found. */
  marks: (number | undefined)[];
  clicks: number;
  underruns: number;
  /** ms from the first frame being sent to the first sound. */
  startMs: number | undefined;
  record: TapRecord;
}

/** How far a mark is looked for from where it should be. */
const REACH_MS = 120;

/** What is read of a recording before a line. */
const BEFORE_SECONDS = 15;

/** A line that was said; times are ms since the epoch. */
export interface SaidLine {
  saidAt: number;
  /** When the first frame of it went out. */
  sentAt: number;
  /** When that moment of it, ms, is to be heard. */
  dueAt: (ms: number) => number;
  report: DeliveryReport;
}

/** Real pages in a real browser, each with its own network, at one table of a real server. */
export class StepTable {
  readonly server: BardcastServer;
  readonly pages: Page[] = [];
  readonly proxies: (DelayProxy | undefined)[] = [];
  readonly #close: () => Promise<void>;

  /**
   * @param options.env of the browser
   * @param options.prepare called with every page before it opens
   * @param options.serve of the server, beside what a table of marks wants
   */
  static async open(
    seats: readonly Seat[],
    options: {
      env?: Record<string, string>;
      prepare?: (page: Page, index: number) => Promise<void>;
      serve?: ServeOptions;
    } = {},
  ): Promise<StepTable> {
    const players = seats.map((_, index) => `p${index}`);
    const engine = {
      name: "markers",
      module: new URL("../../fixtures/engines/markers.ts", import.meta.url),
    };
    const served = { port: 0, host: "127.0.0.1", players, engines: [engine], pool: { size: 1 } };
    const server = await serve({ ...served, ...options.serve });
    const { env, prepare } = options;
    const browser = await launch({
      bypassCSP: true,
      ...(env ? { env: { ...(process.env as Record<string, string>), ...env } } : {}),
    });
    const table = new StepTable(server, async () => {
      await browser.close();
      await server.close();
    });
    for (const [index, seat] of seats.entries()) {
      const page = await browser.context.newPage();
      await prepare?.(page, index);
      await table.#seat(seat, page);
    }
    return table;
  }

  private constructor(server: BardcastServer, close: () => Promise<void>) {
    this.server = server;
    this.#close = close;
  }

  /** Says a line of marks, a second for each word; resolves when everybody has heard it. */
  async say(
    seconds: number,
    { text = "go ".repeat(seconds), to = "all" }: { text?: string; to?: "all" | string[] } = {},
  ): Promise<SaidLine> {
    const saidAt = epochMs();
    const utterance = this.server.party.speak({ text, to });
    const performance_ = this.server.party.streams.utterances.find(({ id }) => id === utterance.id);
    const sent = sentTimeOf(performance_);
    const report = await utterance.done;
    const sentAt = await sent;
    const timeline = performance_?.schedule.timeline;
    const dueAt = (ms: number): number => {
      const at = timeline?.timeOf(ms);
      // Where nobody keeps step a line has no time: it is looked for from where it was said.
      return at === undefined ? saidAt + ms : performance.timeOrigin + at;
    };
    return { saidAt, sentAt, dueAt, report };
  }

  /** What each page gave out of a line that was said. */
  async heard(line: SaidLine, seconds: number): Promise<Heard[]> {
    // The last blocks of the tap.
    await Bun.sleep(1_500);
    const since = (epochMs() - line.saidAt) / 1000 + BEFORE_SECONDS;
    return Promise.all(
      this.pages.map(async (page, index) => {
        const { underruns = 0 } = line.report.players.find(({ player }) => player === `p${index}`) ?? {};
        return { ...heardIn(await readTap(page, since), line, seconds), underruns };
      }),
    );
  }

  async close(): Promise<void> {
    for (const proxy of this.proxies) proxy?.close();
    await this.#close();
  }

  async #seat({ delays, path, codec = "pcm16", sync = true, busy }: Seat, page: Page): Promise<void> {
    const index = this.pages.length;
    const port = Number(new URL(this.server.url).port);
    const proxy = delays && (await startDelayProxy(port, delays));
    await page.addInitScript(installTap, { hidesWorklet: path === "blocks", ...(busy ? { busy } : {}) });
    const token = await this.server.party.tokens.issue(`p${index}`);
    await page.goto(
      `http://127.0.0.1:${proxy?.port ?? port}/play?token=${token}&codec=${codec}${sync ? "" : "&sync=off"}`,
    );
    await page.getByRole("button", { name: /listen/i }).click();
    await page.getByText("Listening").waitFor();
    if (sync) await this.#waitForStep(page);
    this.pages.push(page);
    this.proxies.push(proxy);
  }

  async #waitForStep(page: Page): Promise<void> {
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByText(/sounds? (together with|a little before or after) the others/i).waitFor();
    await page.getByRole("button", { name: "Done" }).click();
  }
}

function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** When a line's first frame was made, which is when it is sent. */
async function sentTimeOf(line: ActiveUtterance | undefined): Promise<number> {
  while (line && line.messages.samples === 0 && line.state !== "done") await Bun.sleep(1);
  return epochMs();
}

/** ms between any two pages at each mark that all of them gave out. */
export function skews(heard: readonly Pick<Heard, "marks">[], fromMark = 0): number[] {
  const count = Math.max(...heard.map(({ marks }) => marks.length));
  const out: number[] = [];
  for (let mark = fromMark; mark < count; mark++) {
    const errors = heard.flatMap(({ marks }) => marks[mark] ?? []);
    for (const [i, a] of errors.entries()) for (const b of errors.slice(i + 1)) out.push(Math.abs(a - b));
  }
  return out;
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

function heardIn(
  record: TapRecord,
  { saidAt, sentAt, dueAt }: SaidLine,
  seconds: number,
): Omit<Heard, "underruns"> {
  const reach = (REACH_MS * record.sampleRate) / 1000;
  const places = Array.from({ length: Math.floor((seconds * 1000) / MARK_EVERY_MS) }, (_, mark) =>
    findMark(record.sound, placeAt(record, dueAt(mark * MARK_EVERY_MS)), reach),
  );
  const marks = places.map((place, mark) =>
    place === undefined ? undefined : timeOf(record, place) - dueAt(mark * MARK_EVERY_MS),
  );
  const from = placeAt(record, saidAt);
  const first = record.sound.findIndex((sample, at) => at > from && Math.abs(sample) > 0.01);
  const known = places.filter((place) => place !== undefined);
  const end = placeAt(record, dueAt(seconds * 1000 - 150));
  return {
    marks,
    clicks: countClicks(record.sound, (known[0] ?? 0) + MARKER_RATE / 10, end, known, record.slips),
    startMs: first < 0 ? undefined : timeOf(record, first) - sentAt,
    record,
  };
}
