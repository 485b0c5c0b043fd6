import { BardcastError } from "../../core/errors.ts";
import { processors } from "../../core/processors.ts";
import type { SherpaModel } from "./sherpa-model.ts";

/** Threads of one sentence; more make it slower, says the library's own benchmark. */
const MAX_THREADS = 4;
/** The major version whose voices are known. */
const KNOWN_MAJOR = 1;

/** What is said, and how. */
export interface SherpaOrder {
  text: string;
  /** Number of the speaker. */
  speaker: number;
  /** 1 is normal. */
  speed: number;
  /** Of the text, as eSpeak calls it, where the model speaks several. */
  language?: string;
}

/** A model that is loaded. */
export interface SherpaTts {
  /** Hz */
  sampleRate: number;
  speakers: number;
  /** While it speaks, its thread does nothing else. */
  isBlocking: boolean;
  /** Gives `onPiece` what is spoken, until that says false. */
  speak(order: SherpaOrder, onPiece: (samples: Float32Array) => boolean): Promise<void>;
}

/** Loads a model; what is wrong with it may end the process. */
export type LoadSherpa = (model: SherpaModel) => Promise<SherpaTts>;

interface NativeTts {
  sampleRate: number;
  numSpeakers: number;
  generateAsync(order: object): Promise<{ samples: Float32Array }>;
}

interface WasmTts {
  sampleRate: number;
  numSpeakers: number;
  generateWithConfig(
    text: string,
    order: GenerationConfig & { callback(samples: Float32Array): number },
  ): { samples: Float32Array };
}

/** How a text is spoken, in the library's words. */
interface GenerationConfig {
  sid: number;
  speed: number;
  extra?: { lang: string };
}

/**
 * sherpa-onnx: the native one (`sherpa-onnx-node`), else its WebAssembly build (`sherpa-onnx`), which is three to
 * five times slower, cannot be stopped within a sentence, and ends nothing but its own worker.
 * @throws BardcastError `engine-unavailable` where neither is installed, or one that drops what voices need
 */
export async function importSherpa(options: { native: boolean }): Promise<LoadSherpa> {
  if (options.native) {
    const { OfflineTts, version } = (await importOptional("sherpa-onnx-node")) ?? {};
    requireKnown("sherpa-onnx-node", version);
    if (OfflineTts)
      return (model) => loadNative(OfflineTts as { createAsync(config: object): Promise<NativeTts> }, model);
  }
  const { createOfflineTts, version } = (await importOptional("sherpa-onnx")) ?? {};
  requireKnown("sherpa-onnx", version);
  if (createOfflineTts)
    return async (model) => loadWasm(createOfflineTts as (config: object) => WasmTts, model);
  const wanted = options.native ? "sherpa-onnx-node" : "sherpa-onnx";
  throw new BardcastError("engine-unavailable", `neural voices need a package: npm install ${wanted}`);
}

/**
 * Its next major version will read text without eSpeak, and so none of the voices there are
 * (github.com/k2-fsa/sherpa-onnx/issues/3731): better no voice than one that says something else.
 * @throws BardcastError `engine-unavailable`
 */
export function requireKnown(name: string, version: unknown): void {
  if (typeof version !== "string" || Number.parseInt(version, 10) <= KNOWN_MAJOR) return;
  throw new BardcastError(
    "engine-unavailable",
    `${name} ${version} is newer than the voices that Bardcast knows: npm install ${name}@${KNOWN_MAJOR}`,
  );
}

/** A CommonJS package that may not be there. */
async function importOptional(name: string): Promise<Record<string, unknown> | undefined> {
  try {
    // Nobody who bundles this needs it, and types of its own it has not.
    const found: { default?: Record<string, unknown> } = await import(name);
    return found.default ?? found;
  } catch {
    return undefined;
  }
}

async function loadNative(
  library: { createAsync(config: object): Promise<NativeTts> },
  { family, paths }: SherpaModel,
): Promise<SherpaTts> {
  const model = { [family]: paths, numThreads: threads(), provider: "cpu", debug: false };
  const tts = await library.createAsync({ model, maxNumSentences: 1 });
  return {
    sampleRate: tts.sampleRate,
    speakers: tts.numSpeakers,
    isBlocking: false,
    async speak(order, onPiece) {
      await tts.generateAsync({
        text: order.text,
        // Bun cannot have memory that is not its own.
        enableExternalBuffer: false,
        generationConfig: generationConfig(order),
        onProgress: ({ samples }: { samples: Float32Array }) => onPiece(samples),
      });
    },
  };
}

function loadWasm(create: (config: object) => WasmTts, { family, paths }: SherpaModel): SherpaTts {
  const empty = { tokens: "", dataDir: "", lexicon: "", lengthScale: 1, noiseScale: 0.667, noiseScaleW: 0.8 };
  const tts = create({
    offlineTtsModelConfig: { [family]: { ...empty, ...paths }, numThreads: 1, provider: "cpu", debug: 0 },
    ruleFsts: "",
    ruleFars: "",
    maxNumSentences: 1,
  });
  return {
    sampleRate: tts.sampleRate,
    speakers: tts.numSpeakers,
    isBlocking: true,
    async speak(order, onPiece) {
      const callback = (samples: Float32Array): number => (onPiece(samples) ? 1 : 0);
      tts.generateWithConfig(order.text, { ...generationConfig(order), callback });
    },
  };
}

function generationConfig({ speaker, speed, language }: SherpaOrder): GenerationConfig {
  return { sid: speaker, speed, ...(language === undefined ? {} : { extra: { lang: language } }) };
}

function threads(): number {
  return Math.min(MAX_THREADS, processors());
}
