import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Without Chromium the tests of pages are skipped, loudly; on CI they fail instead. */
export const hasChromium: boolean = existsSync(CHROMIUM) || process.env.CI === "true";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  // A name that is not loopback makes the page an insecure context, as on a LAN.
  "--host-resolver-rules=MAP party.test 127.0.0.1",
];

/** Chromium with a profile of its own, gone when closed. @param options.bypassCSP lets tests bring modules of their own */
export async function launch(
  options: { bypassCSP?: boolean; env?: Record<string, string> } = {},
): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), "bardcast-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: FLAGS,
    ...options,
    // Otherwise the audio clock of a page that is not in front may stop.
    ignoreDefaultArgs: ["--mute-audio"],
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/**
 * Chromium for several people: each has a context of their own by `newContext`, and so a window, which is drawn.
 * Of pages in one context only the one in front is.
 */
export function launchForMany(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: FLAGS,
    ignoreDefaultArgs: ["--mute-audio"],
  });
}

export type { Browser, Page };

/** One buffer as the page scheduled it on its audio clock. */
export interface ScheduledBuffer {
  /** Seconds on the context's clock. */
  when: number;
  frames: number;
  /** Hz of the context. */
  sampleRate: number;
}

/** What a page's audio graph did, recorded from outside its code. */
export interface AudioProbe {
  scheduled: ScheduledBuffer[];
  /** Samples that left the graph, per 1,024-frame block: root mean square. */
  levels: number[];
}

/**
 * Watches every AudioContext of a page: which buffers are started when, and what reaches the destination.
 * Runs in the page before its own scripts.
 */
export function installAudioProbe(): void {
  const probe: AudioProbe = { scheduled: [], levels: [] };
  const sounds: Float32Array<ArrayBuffer>[] = [];
  const asBase64 = async (): Promise<string> => {
    const reader = new FileReader();
    reader.readAsDataURL(new Blob(sounds));
    await new Promise((resolve) => {
      reader.onload = resolve;
    });
    return String(reader.result).replace(/^.*,/, "");
  };
  Object.assign(window, { audioProbe: probe, scheduledSound: asBase64 });
  const taps = new WeakMap<BaseAudioContext, ScriptProcessorNode>();
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (when = 0, ...rest) {
    const frames = this.buffer?.length ?? 0;
    if (this.buffer && frames > 1) {
      probe.scheduled.push({ when, frames, sampleRate: this.context.sampleRate });
      sounds.push(this.buffer.getChannelData(0).slice());
    }
    start.call(this, when, ...rest);
  };
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => unknown;
  const tapOf = (context: AudioContext): ScriptProcessorNode => {
    const tap = context.createScriptProcessor(1024, 1, 1);
    tap.onaudioprocess = ({ inputBuffer }) => {
      const samples = inputBuffer.getChannelData(0);
      probe.levels.push(
        Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length),
      );
    };
    connect.call(tap, context.destination);
    return tap;
  };
  (AudioNode.prototype as { connect: unknown }).connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] === this.context.destination && this.context instanceof AudioContext) {
      const tap = taps.get(this.context) ?? tapOf(this.context);
      taps.set(this.context, tap);
      connect.call(this, tap);
    }
    return connect.apply(this, args);
  };
}

export function readAudioProbe(page: Page): Promise<AudioProbe> {
  return page.evaluate(() => (window as unknown as { audioProbe: AudioProbe }).audioProbe);
}

/** The samples of all buffers that were scheduled, end to end. */
export async function readScheduledSound(page: Page): Promise<Float32Array> {
  const base64 = await page.evaluate(() =>
    (window as unknown as { scheduledSound(): Promise<string> }).scheduledSound(),
  );
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  return new Float32Array(bytes.buffer);
}
