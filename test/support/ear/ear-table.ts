import { type ServeOptions, serve } from "../../../src/server/bun.ts";
import { launch, type Page } from "../browser.ts";
import { TestServer } from "../server.ts";
import type { Sound } from "./ear-engines.ts";
import { EAR_ENGINES, type EarEngine, voiceOf } from "./ear-engines.ts";

/** Hz of a page's audio context. */
const RATE = 24_000;
/** ms that a page may take to place what it was sent. */
const PLACE_MS = 20_000;
const ATTEMPTS = 10;

interface EarWindow {
  /** Seconds on the context's clock, and samples. */
  earSounds: { when: number; samples: Float32Array }[];
}

/** A server with all local engines, and pages in Chromium that listen: one player each. */
export class EarTable {
  readonly #server: TestServer;
  readonly #pages: readonly Page[];
  readonly #close: () => Promise<void>;

  private constructor(server: TestServer, pages: readonly Page[], close: () => Promise<void>) {
    this.#server = server;
    this.#pages = pages;
    this.#close = close;
  }

  static async open(seats: number): Promise<EarTable> {
    const players = Array.from({ length: seats }, (_, seat) => `ear${seat}`);
    const engines = EAR_ENGINES.map(({ ref }) => ref);
    const options: ServeOptions = { port: 0, host: "127.0.0.1", players, engines, cache: false };
    const served = await serve(options);
    const server = new TestServer(served, await served.party.tokens.issueDm());
    const browser = await launch();
    const pages = await Promise.all(
      players.map(async (player) => {
        const page = await browser.context.newPage();
        await page.addInitScript(installEar);
        const token = await server.party.tokens.issue(player);
        const url = server.url.replace("127.0.0.1", "party.test");
        await page.goto(`${url}/play?token=${token}&codec=opus&sync=off`);
        await listen(page);
        return page;
      }),
    );
    return new EarTable(server, pages, async () => {
      await browser.close();
      await served.close();
    });
  }

  /**
   * What the audio graph of a seat's page plays of a line, each buffer in its place. On a machine that is busy with other
   * things the sound may have run dry, the page may have got the text alone, or another engine may have spoken: then the line
   * is said again, some times.
   */
  async hear(seat: number, engine: EarEngine, text: string): Promise<Sound> {
    for (let attempt = 1; ; attempt++) {
      const { durationMs = 0, engines, ...answer } = await this.#say(seat, engine, text);
      const isLast = attempt === ATTEMPTS;
      if (String(engines) === engine.name && !answer.players?.[0]?.textOnly) {
        const taken = await this.#take(seat, Math.floor((durationMs * RATE) / 1000));
        if (taken && (taken.holes === 0 || isLast)) return { samples: taken.samples, sampleRate: RATE };
        if (taken) continue;
      }
      if (isLast)
        throw new Error(`${engine.name} did not say "${text}": ${JSON.stringify({ engines, ...answer })}`);
      await this.#pages[seat]?.reload();
      await listen(this.#pages[seat] as Page);
    }
  }

  async close(): Promise<void> {
    await this.#close();
  }

  async #say(
    seat: number,
    engine: EarEngine,
    text: string,
  ): Promise<{ durationMs?: number; engines?: string[]; players?: { textOnly: boolean }[] }> {
    const { voiceId, extra } = voiceOf(engine);
    const voice = { voice_id: voiceId, language: "en-us", ...extra, replace: true };
    const answer = await this.#server.speak({ text, to: [`ear${seat}`], voice });
    return answer.json();
  }

  /** @returns the sound, and how many samples of silence lie between its buffers; undefined where it does not come */
  async #take(seat: number, wanted: number): Promise<{ samples: Float32Array; holes: number } | undefined> {
    const page = this.#pages[seat] as Page;
    const until = performance.now() + PLACE_MS;
    for (;;) {
      const taken = await page.evaluate(takeSound, { wanted, rate: RATE });
      if (taken !== undefined) {
        const bytes = Uint8Array.from(Buffer.from(taken.base64, "base64"));
        return { samples: new Float32Array(bytes.buffer), holes: taken.holes };
      }
      if (performance.now() > until) return undefined;
      await Bun.sleep(50);
    }
  }
}

async function listen(page: Page): Promise<void> {
  await page.getByRole("button", { name: /listen/i }).click();
  await page.getByText("Listening").waitFor();
}

/** Keeps what a page's audio graph plays. Runs in the page before its own scripts. */
function installEar(): void {
  const sounds: EarWindow["earSounds"] = [];
  Object.assign(window, { earSounds: sounds });
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (when = 0, ...rest) {
    if (this.buffer && this.buffer.length > 1)
      sounds.push({ when, samples: this.buffer.getChannelData(0).slice() });
    start.call(this, when, ...rest);
  };
}

/** Takes what was played since the last time, each buffer in its place; undefined before so much is there. */
async function takeSound({
  wanted,
  rate,
}: {
  wanted: number;
  rate: number;
}): Promise<{ base64: string; holes: number } | undefined> {
  const { earSounds } = window as unknown as EarWindow;
  const length = earSounds.reduce((sum, { samples }) => sum + samples.length, 0);
  const [first] = earSounds;
  if (length < wanted) return undefined;
  if (!first) return { base64: "", holes: 0 };
  const placed = earSounds.map(({ when, samples }) => ({
    at: Math.round((when - first.when) * rate),
    samples,
  }));
  const sound = new Float32Array(Math.max(...placed.map(({ at, samples }) => at + samples.length)));
  for (const { at, samples } of placed) sound.set(samples, at);
  earSounds.length = 0;
  const reader = new FileReader();
  reader.readAsDataURL(new Blob([sound]));
  await new Promise((resolve) => {
    reader.onload = resolve;
  });
  return { base64: String(reader.result).replace(/^.*,/, ""), holes: sound.length - length };
}
