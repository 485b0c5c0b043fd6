import { BardcastError } from "../../core/errors.ts";
import type { EspeakEvent } from "./espeak-text.ts";
import { type EspeakVoice, EspeakVoices } from "./espeak-voices.ts";

/** Hz of everything eSpeak says. */
export const ESPEAK_SAMPLE_RATE = 22_050;

/** What eSpeak is told for one sentence. */
export interface EspeakOrder {
  ssml: string;
  /** As `EspeakVoices.find` gave it. */
  voice: string;
  /** Words a minute, 80…450; 175 is normal. */
  rate: number;
  /** 0…99; 50 is normal. */
  pitch: number;
}

export interface EspeakSpeech {
  /** Mono, 22050 Hz. */
  samples: Int16Array<ArrayBuffer>;
  events: readonly EspeakEvent[];
}

type SpeechCallback = (samples: Int16Array | null, events: readonly EspeakEvent[]) => 0 | 1;

interface EspeakWorker {
  list_voices(): EspeakVoice[];
  set_voice(name: string, language: string, gender: number, age: number, variant: number): number;
  set_rate(wordsPerMinute: number): void;
  set_pitch(pitch: number): void;
  /** @param ssml a text, or where in the memory it stands: UTF-8, a zero at its end */
  synthesize(ssml: string | number, callback: SpeechCallback): void;
}

interface EspeakModule {
  eSpeakNGWorker: new () => EspeakWorker;
  /** The program's whole memory; a new view each time the memory has grown. */
  HEAPU8: Uint8Array;
  _webidl_malloc(bytes: number): number;
  FS: { readdir(path: string): string[] };
}

const VARIANTS = "/usr/share/espeak-ng-data/voices/!v";

/**
 * The package with eSpeak in it, not started yet.
 * @throws BardcastError `engine-unavailable` where it is not installed
 */
export async function importEspeak(): Promise<() => Promise<EspeakModule>> {
  try {
    // It has no types of its own, and what a runtime infers from its code is no better than none.
    const espeak: unknown = await import("@echogarden/espeak-ng-emscripten");
    return (espeak as { default: () => Promise<EspeakModule> }).default;
  } catch (cause) {
    const message = "eSpeak is a package of its own: npm install @echogarden/espeak-ng-emscripten";
    throw new BardcastError("engine-unavailable", message, { cause });
  }
}

/**
 * eSpeak, running. Pitch flutter and noise go on from one sentence to the next, so its memory is put back
 * to what it was at the start before each sentence: the same order gives the same samples anywhere.
 */
export class EspeakSynth {
  readonly voices: EspeakVoices;
  readonly #module: EspeakModule;
  readonly #worker: EspeakWorker;
  readonly #memory: Uint8Array;

  private constructor(module: EspeakModule) {
    this.#module = module;
    this.#worker = new module.eSpeakNGWorker();
    // Listing and speaking also load what is kept for good; it must be in the memory that is put back.
    const variants = module.FS.readdir(VARIANTS).filter((name) => !name.startsWith("."));
    this.voices = new EspeakVoices(this.#worker.list_voices(), variants);
    this.#worker.set_voice("gmw/en-US", "", 0, 0, 0);
    this.#worker.synthesize("Ready.", () => 0);
    this.#memory = usedMemory(module.HEAPU8);
  }

  /** @throws BardcastError `engine-unavailable` where the package is not installed */
  static async start(): Promise<EspeakSynth> {
    const startModule = await importEspeak();
    return new EspeakSynth(await startModule());
  }

  /** Speaks in one go; nothing else on the thread happens meanwhile. 5-20 ms for 5 s of speech. */
  speak(order: EspeakOrder): EspeakSpeech {
    this.#module.HEAPU8.set(this.#memory);
    this.#worker.set_voice(order.voice, "", 0, 0, 0);
    this.#worker.set_rate(order.rate);
    this.#worker.set_pitch(order.pitch);
    const pieces: Int16Array[] = [];
    const events: EspeakEvent[] = [];
    this.#worker.synthesize(this.#placed(order.ssml), (samples, news) => {
      if (samples) pieces.push(samples);
      events.push(...news);
      return 0;
    });
    return { samples: joined(pieces), events };
  }

  /**
   * Puts a text into the memory, where it is forgotten when that is put back. The package's own way keeps a buffer and
   * makes it larger for a long text; put back to before that, the memory has other things where the buffer was.
   */
  #placed(text: string): number {
    const bytes = new TextEncoder().encode(`${text}\0`);
    const at = this.#module._webidl_malloc(bytes.length);
    this.#module.HEAPU8.set(bytes, at);
    return at;
  }
}

/** A copy of the memory without the zeros at its end, which eSpeak never reads before it writes them. */
function usedMemory(memory: Uint8Array): Uint8Array {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length >> 2);
  let end = words.length;
  while (end > 0 && words[end - 1] === 0) end -= 1;
  return memory.slice(0, end * 4);
}

function joined(pieces: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const out = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
