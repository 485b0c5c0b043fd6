import type { Page } from "../browser.ts";

/** What a page's audio graph gave out, and what its device said about it. */
export interface TapRecord {
  /** Hz */
  sampleRate: number;
  /** Frame of the context at which the sound begins. */
  frame: number;
  sound: Float32Array;
  /** Places at which the device itself skipped frames. */
  slips: number[];
  /** ms since the epoch, and the second of the context that left the device then. */
  stamps: [atMs: number, contextTime: number][];
  /** When the page's thread did not get to run; ms since the epoch. */
  stalls: [fromMs: number, toMs: number][];
}

export interface TapOptions {
  /** The page is not to have a worklet, as outside secure contexts. */
  hidesWorklet: boolean;
  /** The page's thread is busy for so long, so often. */
  busy?: { ms: number; everyMs: number };
}

/**
 * Records all that reaches the destination of a page's audio context, frame by frame. Runs in the page before
 * its own scripts; wants a secure context, and no policy that forbids the module below.
 */
export function installTap({ hidesWorklet, busy }: TapOptions): void {
  const MODULE = `registerProcessor("tap", class extends AudioWorkletProcessor {
    #block = new Float32Array(12800); #filled = 0; #frame = 0;
    process([[input]]) {
      if (this.#filled > 0 && currentFrame !== this.#frame + this.#filled) this.#give();
      if (this.#filled === 0) this.#frame = currentFrame;
      if (input) this.#block.set(input, this.#filled); else this.#block.fill(0, this.#filled, this.#filled + 128);
      this.#filled += 128;
      if (this.#filled === this.#block.length) this.#give();
      return true;
    }
    #give() {
      this.port.postMessage({ frame: this.#frame, samples: this.#block.slice(0, this.#filled) });
      this.#filled = 0;
    }
  });`;
  const blocks: { frame: number; samples: Float32Array<ArrayBuffer> }[] = [];
  const stamps: [number, number][] = [];
  const stalls: [number, number][] = [];
  const taps = new WeakMap<BaseAudioContext, Promise<AudioWorkletNode>>();
  const worklet = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "audioWorklet")?.get;
  if (hidesWorklet)
    Object.defineProperty(BaseAudioContext.prototype, "audioWorklet", { get: () => undefined });
  const tapWorklet = (of: AudioContext): AudioWorklet => {
    if (!worklet) throw new Error("a tap wants a secure context");
    return worklet.call(of);
  };
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => unknown;
  let context: AudioContext | undefined;
  const open = async (of: AudioContext): Promise<AudioWorkletNode> => {
    context = of;
    // A page that has got another one is heard by that.
    blocks.length = 0;
    stamps.length = 0;
    const url = URL.createObjectURL(new Blob([MODULE], { type: "text/javascript" }));
    await tapWorklet(of).addModule(url);
    const tap = new AudioWorkletNode(of, "tap", { channelCount: 1, channelCountMode: "explicit" });
    tap.port.onmessage = ({ data }) => blocks.push(data);
    connect.call(tap, of.destination);
    let lastAt = performance.now();
    setInterval(() => {
      const now = performance.now();
      if (now - lastAt > 100) stalls.push([performance.timeOrigin + lastAt, performance.timeOrigin + now]);
      lastAt = now;
      const { contextTime = 0, performanceTime = 0 } = of.getOutputTimestamp();
      if (performanceTime > 0 && contextTime !== stamps.at(-1)?.[1])
        stamps.push([performance.timeOrigin + performanceTime, contextTime]);
    }, 25);
    return tap;
  };
  (AudioNode.prototype as { connect: unknown }).connect = function (this: AudioNode, ...args: unknown[]) {
    const { context: of } = this;
    if (args[0] === of.destination && of instanceof AudioContext) {
      const tap = taps.get(of) ?? open(of);
      taps.set(of, tap);
      void tap.then((node) => connect.call(this, node));
    }
    return connect.apply(this, args);
  };
  if (busy) {
    setInterval(() => {
      const until = performance.now() + busy.ms;
      while (performance.now() < until);
    }, busy.everyMs);
  }
  const asBase64 = async (parts: BlobPart[]): Promise<string> => {
    const reader = new FileReader();
    reader.readAsDataURL(new Blob(parts));
    await new Promise((resolve) => {
      reader.onload = resolve;
    });
    return String(reader.result).replace(/^.*,/, "");
  };
  const read = async (seconds: number): Promise<Omit<TapRecord, "sound"> & { sound: string }> => {
    const last = blocks.at(-1);
    const { sampleRate = 0 } = context ?? {};
    const oldest = (last?.frame ?? 0) - seconds * sampleRate;
    const wanted = blocks.filter((block) => block.frame >= oldest);
    const frame = wanted[0]?.frame ?? 0;
    const slips = wanted.flatMap((block, index) => {
      const before = wanted[index - 1];
      const expected = before ? before.frame + before.samples.length : block.frame;
      return block.frame === expected ? [] : [expected - frame, block.frame - frame];
    });
    const all = new Float32Array(last ? last.frame + last.samples.length - frame : 0);
    for (const block of wanted) all.set(block.samples, block.frame - frame);
    return {
      sampleRate: context?.sampleRate ?? 0,
      frame,
      sound: await asBase64([all]),
      slips,
      stamps,
      stalls,
    };
  };
  Object.assign(window, { readTap: read });
}

/**
 * What was recorded until now.
 * @param seconds of it at most, the latest: a page is busy while it is asked for many
 */
export async function readTap(page: Page, seconds: number = 600): Promise<TapRecord> {
  const { sound, ...rest } = await page.evaluate(
    (most) =>
      (
        window as unknown as {
          readTap(seconds: number): Promise<Omit<TapRecord, "sound"> & { sound: string }>;
        }
      ).readTap(most),
    seconds,
  );
  return { ...rest, sound: new Float32Array(Uint8Array.from(Buffer.from(sound, "base64")).buffer) };
}

/** Which place in the record left the device at that time (ms since the epoch), going by the stamps around it. */
export function placeAt({ stamps, sampleRate, frame }: TapRecord, atMs: number): number {
  const near = [...stamps].sort((a, b) => Math.abs(a[0] - atMs) - Math.abs(b[0] - atMs)).slice(0, 25);
  const offsets = near.map(([at, seconds]) => seconds * 1000 - at).sort((a, b) => a - b);
  return ((atMs + (offsets[offsets.length >> 1] ?? 0)) * sampleRate) / 1000 - frame;
}

/** When that place in the record left the device: ms since the epoch. */
export function timeOf(record: TapRecord, place: number): number {
  const seconds = (place + record.frame) / record.sampleRate;
  const near = [...record.stamps]
    .sort((a, b) => Math.abs(a[1] - seconds) - Math.abs(b[1] - seconds))
    .slice(0, 25);
  const offsets = near.map(([at, contextTime]) => at - contextTime * 1000).sort((a, b) => a - b);
  return seconds * 1000 + (offsets[offsets.length >> 1] ?? 0);
}
