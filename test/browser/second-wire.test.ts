import { afterAll, describe, expect, test } from "bun:test";
import { floatToInt16 } from "../../src/core/dsp/pcm.ts";
import type { Codec } from "../../src/core/protocol/v2.ts";
import { splitSentences } from "../../src/core/text/sentences.ts";
import { createEspeakEngine } from "../../src/engines/espeak/espeak.ts";
import {
  type AudioProbe,
  hasChromium,
  installAudioProbe,
  launch,
  type Page,
  readAudioProbe,
  readScheduledSound,
} from "../support/browser.ts";
import { type CutProxy, startCutProxy } from "../support/cut-proxy.ts";
import { Reference } from "../support/reference.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { continuousDecode, pcmOf, WireRecorder } from "../support/wire-recorder.ts";

const PLAYERS = ["thorin", "elara", "grim", "opus-recorder", "pcm-recorder"];
const CODECS = { thorin: "opus", elara: "pcm16" } as const satisfies Record<string, Codec>;
type Listener = keyof typeof CODECS;
const LISTENERS = Object.keys(CODECS) as Listener[];

const LINES = [
  "The gate groans open, and (quietly) *nobody* comes out. Behind it lies a hall of black glass; a thousand " +
    "candles burn in it, and not one of them gives any warmth. Who dares to wake the keeper?",
  "A second voice answers from the dark below the stairs. It counts your steps, one by one, and it has been " +
    "counting since you left the village. When it stops, the candles go out together. Run, if you still can!",
];

const server = await startServer({ players: PLAYERS });

describe.skipIf(!hasChromium)("the second wire", () => {
  const pages: Partial<Record<Listener, Page>> = {};
  const proxies: Partial<Record<Listener, CutProxy>> = {};
  const recorders: Partial<Record<Codec, WireRecorder>> = {};
  const problems: string[] = [];
  const endings: (() => unknown)[] = [];
  afterAll(async () => {
    for (const end of endings.reverse()) await end();
  });
  let clips: Awaited<ReturnType<typeof server.join>>;

  test("two pages, a dm20 client and two recorders take their seats", async () => {
    const browser = await launch();
    endings.push(browser.close);
    for (const player of LISTENERS) {
      const proxy = await startCutProxy(Number(new URL(server.url).port));
      endings.push(() => proxy.close());
      proxies[player] = proxy;
      const page = await browser.context.newPage();
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text());
      });
      await page.addInitScript(installAudioProbe);
      const token = await server.party.tokens.issue(player);
      await page.goto(`http://party.test:${proxy.port}/play?token=${token}&codec=${CODECS[player]}&sync=off`);
      await page.getByRole("button", { name: /listen/i }).click();
      await page.getByText("Listening").waitFor();
      pages[player] = page;
    }
    clips = await server.join("grim");
    for (const codec of ["opus", "pcm16"] as const) {
      const token = await server.party.tokens.issue(codec === "opus" ? "opus-recorder" : "pcm-recorder");
      recorders[codec] = await WireRecorder.join(`${server.url}/ws?token=${token}`, codec);
      endings.push(() => recorders[codec]?.close());
    }
    expect(await pages.thorin?.evaluate(() => [isSecureContext, "AudioDecoder" in window])).toEqual([
      false,
      false,
    ]);
  }, 60_000);

  for (const [index, cut] of (["elara", "thorin"] as const).entries()) {
    const text = LINES[index] ?? "";

    test(`a line is heard by all although ${CODECS[cut]}'s connection is cut in the middle`, async () => {
      // About three seconds of sound; everything before it on the connection is small.
      proxies[cut]?.cutAfter(CODECS[cut] === "opus" ? 9_000 : 150_000);
      const response = await server.speak({ text });
      expect(await response.json()).toMatchObject({ listeners: 5 });
      const words = new Set(text.match(/[\p{L}']+/gu));
      for (const player of LISTENERS) expect(words).toContain(await litWord(pages[player] as Page));
      for (const recorder of Object.values(recorders)) await recorder.until(index + 1);
      for (const player of LISTENERS) {
        const wanted = await soundOf(CODECS[player]);
        await waitUntilScheduled(pages[player] as Page, wanted.length);
        const difference = differenceOf(await readScheduledSound(pages[player] as Page), wanted);
        expect(`${player}: ${difference}`).toBe(`${player}: undefined`);
        await waitUntilSilent(pages[player] as Page);
      }
      await until(() => server.party.streams.log.recent.length > index);
      for (const player of LISTENERS) {
        const seams = seamsOf(await readAudioProbe(pages[player] as Page)).filter((seam) => seam !== 0);
        // There is silence before a line, and where a busy machine let the sound run dry, but nowhere else.
        expect(`${player}: ${seams.length}`).toBe(`${player}: ${index + underrunsOf(player)}`);
      }
      expect(proxies[cut]?.cuts).toBe(1);
      expect(clips.clips).toHaveLength(
        LINES.slice(0, index + 1).flatMap((line) => splitSentences(line)).length,
      );
    }, 90_000);
  }

  test("what was heard is what the engine spoke, bit by bit", async () => {
    const frames = recorders.pcm16?.frames ?? [];
    const engine = createEspeakEngine();
    const reference = new Reference(engine);
    const voice = server.party.registry.getVoiceConfig("dm");
    const lines: Uint8Array[] = [];
    for (const line of LINES) lines.push(await reference.speak(line, voice));
    await engine.shutdown();
    const spoken = Buffer.concat(lines);
    const played = floatToInt16(await readScheduledSound(pages.elara as Page));
    expect(Buffer.from(pcmOf(frames)).equals(spoken)).toBe(true);
    expect(Buffer.from(played.buffer, played.byteOffset, played.byteLength).equals(spoken)).toBe(true);
  }, 60_000);

  test("every listener's report says that all of it was heard", () => {
    for (const { report } of server.party.streams.log.recent) {
      for (const player of LISTENERS) {
        const own = report.players.find((each) => each.player === player);
        expect(own).toMatchObject({ complete: true, textOnly: false, muted: false });
        // What is heard of a sentence ends with a whole packet.
        const padding = 20 * report.sentences;
        expect((own?.heardMs ?? 0) - report.durationMs).toBeWithin(-1, padding + 1);
      }
    }
  });

  test("no page had anything to complain about but its cut connection", () => {
    expect(problems.filter((problem) => !/WebSocket|ERR_/.test(problem))).toEqual([]);
  });

  const underrunsOf = (player: string): number =>
    server.party.streams.log.recent
      .flatMap(({ report }) => report.players.filter((each) => each.player === player))
      .reduce((sum, { underruns }) => sum + underruns, 0);

  /** All lines so far as one codec's listeners are to hear them. */
  const soundOf = async (codec: Codec): Promise<Float32Array> => {
    const frames = recorders[codec]?.frames ?? [];
    if (codec === "opus") return continuousDecode(frames);
    const pcm = pcmOf(frames);
    const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.length);
    return Float32Array.from({ length: pcm.length / 2 }, (_, i) => view.getInt16(2 * i, true) / 0x8000);
  };
});

async function waitUntilScheduled(page: Page, samples: number): Promise<void> {
  for (;;) {
    const { scheduled } = await readAudioProbe(page);
    if (scheduled.reduce((sum, { frames }) => sum + frames, 0) >= samples) return;
    await Bun.sleep(100);
  }
}

/** The word that is lit in the captions, as soon as one is. */
async function litWord(page: Page): Promise<string> {
  for (;;) {
    const word = await page.evaluate(() => [...(CSS.highlights.get("spoken") ?? [])].join(""));
    if (word) return word;
    await Bun.sleep(20);
  }
}

async function waitUntilSilent(page: Page): Promise<void> {
  await page.locator("main:not(.is-speaking)").waitFor();
}

/** Frames between each buffer's end and the next one's beginning. */
function seamsOf({ scheduled }: AudioProbe): number[] {
  return scheduled.slice(1).map(({ when, sampleRate }, index) => {
    const before = scheduled[index];
    if (!before) throw new Error("a buffer has one before it");
    return Math.round(when * sampleRate) - Math.round(before.when * sampleRate) - before.frames;
  });
}

function differenceOf(played: Float32Array, wanted: Float32Array): number | undefined {
  const at = wanted.findIndex((sample, index) => played[index] !== sample);
  if (at >= 0) return at;
  return played.length > wanted.length ? wanted.length : undefined;
}
