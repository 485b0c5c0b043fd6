import { z } from "zod";
import { fromBase64 } from "../../core/base64.ts";
import type { TTSEngine } from "../contract/engine.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";
import { readAudio } from "./audio/read-audio.ts";
import { bytesOf, getJson, post, typeOf } from "./net/http.ts";
import { eventsOf, linesOf, objectIn } from "./net/lines.ts";
import type { ServiceCall, ServiceNews, ServiceOrder, ServiceWords, SpeechService } from "./net/service.ts";
import { broken, ServiceError } from "./net/service-error.ts";
import type { StandIns } from "./net/stand-in-voices.ts";
import { address, limitsOf, parseOptions, type ServiceOptions, serviceFields, text } from "./options.ts";
import { ServiceEngine, type ServiceLimits } from "./service-engine.ts";
import { kokoroStandIns, listedByName } from "./stand-ins.ts";
import { originOf } from "./voice-origin.ts";
import { WordFinder } from "./word-finder.ts";

/** What the engine `openai` may be told. */
export interface OpenAiOptions extends ServiceOptions {
  /** Up to and with `/v1`; default `OPENAI_BASE_URL`, else OpenAI's own. */
  baseUrl?: string;
  /** Default `OPENAI_API_KEY`; servers of one's own mostly want none. */
  apiKey?: string;
  /**
   * Default `OPENAI_TTS_MODEL`, else `tts-1`, by which other servers know that they are asked for speech; at OpenAI
   * `gpt-4o-mini-tts` until 2027-01-06, when it ends, and then none.
   */
  model?: string;
  /** What to ask for; default `pcm`. What comes is recognised by itself. */
  format?: "pcm" | "wav" | "mp3";
  /** Hz of `pcm` where the answer's `Content-Type` names none; default 24 000. */
  sampleRate?: number;
  /** Asks for server-sent events instead of bare audio. */
  events?: boolean;
  /** Asks Kokoro-FastAPI's `/dev/captioned_speech`, which tells when words are heard. */
  captions?: boolean;
  /** Whether the server can change the speed; default yes, but for OpenAI's `gpt-` models, which ignore it. */
  speed?: boolean;
  /** How to say everything for which the voice has no `instructions` of its own. */
  instructions?: string;
  /** Fields that only this server understands, e.g. `{ stream: true }`. */
  extraBody?: Record<string, unknown>;
}

const OPENAI_URL = "https://api.openai.com/v1";
const OPENAI_MODEL = "gpt-4o-mini-tts";
/** When OpenAI ends its models for `/v1/audio/speech`; the one that it names in their place is not there. */
const OPENAI_ENDS = Date.parse("2027-01-06T00:00:00Z");
/** Spoken with where no voice is named, at OpenAI and wherever its names are known. */
const USUAL_VOICE = "alloy";
/** Of its voices, those that all its models have. */
const OPENAI_STAND_INS: StandIns = {
  female: ["coral", "nova", "sage", "shimmer"],
  male: ["ash", "echo", "fable", "onyx"],
};

/** The same, as they are listed. */
const OPENAI_VOICES: readonly EngineVoice[] = (["female", "male"] as const).flatMap((gender) =>
  OPENAI_STAND_INS[gender].map((id) => ({ id, languages: ["*"], gender })),
);

const schema: z.ZodType<OpenAiOptions> = z.strictObject({
  ...serviceFields,
  baseUrl: address("http", "https"),
  apiKey: text,
  model: text,
  format: z.enum(["pcm", "wav", "mp3"]).exactOptional(),
  sampleRate: z.number().int().min(8000).max(48_000).exactOptional(),
  events: z.boolean().exactOptional(),
  captions: z.boolean().exactOptional(),
  speed: z.boolean().exactOptional(),
  instructions: text,
  extraBody: z.record(z.string(), z.unknown()).exactOptional(),
});

/** `{ "voices": ["af_heart", { "id": "am_adam" }] }`, or the same under `data`: servers differ. */
const voices = z.array(z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]));
const voicesSchema = z
  .object({ voices: voices.exactOptional(), data: voices.exactOptional() })
  .transform(({ voices, data }) => voices ?? data ?? []);

/**
 * Any server that speaks OpenAI's `POST /v1/audio/speech`: Kokoro-FastAPI, vLLM-Omni and mlx-audio for
 * Qwen3-TTS, LocalAI, Speaches, OpenAI itself. Voice ids are the server's names.
 * @throws InputError `bad-request` for options that make no sense
 */
export function createOpenAiEngine(options?: OpenAiOptions, name = "openai"): TTSEngine {
  const parsed = parseOptions(schema, options, {
    baseUrl: "OPENAI_BASE_URL",
    apiKey: "OPENAI_API_KEY",
    model: "OPENAI_TTS_MODEL",
    voice: "OPENAI_TTS_VOICE",
  });
  const limits = limitsOf(parsed);
  return new ServiceEngine(name, new OpenAiService(parsed, limits), limits);
}

class OpenAiService implements SpeechService {
  readonly capabilities: SpeechService["capabilities"];
  readonly languages: readonly string[];
  readonly missing: string | undefined;
  readonly secrets: readonly string[];
  readonly #options: OpenAiOptions;
  readonly #baseUrl: string;
  readonly #headers: Record<string, string>;
  readonly #model: string;
  readonly #limits: ServiceLimits;
  /** What a server of one's own says it has. */
  #voices: readonly string[] = [];
  /** Whether it refused the voice that most servers know. */
  #isUsualUnknown = false;
  isPrepared: boolean | undefined;

  constructor(options: OpenAiOptions, limits: ServiceLimits) {
    this.#limits = limits;
    const { captions = false, sampleRate = 24_000, baseUrl = OPENAI_URL, apiKey: key } = options;
    this.#options = options;
    this.#baseUrl = baseUrl.replace(/\/+$/, "");
    this.#headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
    this.#model = options.model ?? (this.#isOpenAi ? OPENAI_MODEL : "tts-1");
    this.languages = options.languages ?? ["*"];
    this.secrets = key === undefined ? [] : [key];
    this.missing = this.#isOpenAi ? missingAtOpenAi(options) : undefined;
    const speed = options.speed ?? !this.#model.startsWith("gpt-");
    const prosody = { speed, pitch: false };
    this.capabilities = { streaming: true, wordTimes: captions, sampleRate, prosody };
  }

  get #isOpenAi(): boolean {
    return this.#baseUrl === OPENAI_URL;
  }

  /** Servers know `alloy` without telling it, for OpenAI's sake; who does not speaks with one of its own. */
  get defaultVoice(): string {
    const own = this.#isUsualUnknown ? usualIn(this.#voices) : undefined;
    return this.#options.voice ?? own ?? USUAL_VOICE;
  }

  isVoice(id: string): boolean {
    return originOf(id) === undefined;
  }

  standIns(language: string): StandIns | undefined {
    if (this.#options.voice !== undefined) return undefined;
    return this.#isOpenAi ? OPENAI_STAND_INS : kokoroStandIns(this.#voices, language);
  }

  listVoices(): readonly EngineVoice[] {
    return this.#isOpenAi ? OPENAI_VOICES : listedByName(this.#voices);
  }

  /** Asks a server of one's own for its voices, as Kokoro-FastAPI and others tell them; not all do. */
  async prepare(): Promise<void> {
    if (this.#isOpenAi || this.isPrepared) return;
    const signal = AbortSignal.timeout(this.#limits.connectMs);
    try {
      this.#voices = voicesSchema.parse(
        await getJson(`${this.#baseUrl}/audio/voices`, this.#headers, signal),
      );
      this.isPrepared = true;
    } catch (error) {
      // Only where nobody is there it is asked again: one that does not tell its voices would keep every sentence waiting.
      this.isPrepared = error instanceof SyntaxError || error instanceof z.ZodError || signal.aborted;
    }
  }

  async *speak(order: ServiceOrder, call: ServiceCall): AsyncGenerator<ServiceNews> {
    const { captions, sampleRate = 24_000 } = this.#options;
    const path = captions
      ? `${this.#baseUrl.replace(/\/v1$/, "")}/dev/captioned_speech`
      : `${this.#baseUrl}/audio/speech`;
    const response = await post(path, call, {
      headers: this.#headers,
      body: this.#bodyOf(order),
      isVoiceUnknown: (status, words) => [400, 404, 422].includes(status) && /voice|speaker/i.test(words),
    }).catch((error: unknown) => {
      const isUnknown = error instanceof ServiceError && error.code === "voice-unknown";
      if (isUnknown && order.voice === USUAL_VOICE) this.#isUsualUnknown = true;
      throw error;
    });
    const bytes = bytesOf(response, call.signal);
    const type = typeOf(response);
    const isEvents = /event-stream/i.test(type);
    if (captions) yield* readAudio(captioned(bytes, order.text), { samples: sampleRate });
    else if (isEvents) yield* readAudio(deltas(bytes), { samples: sampleRate });
    else yield* readAudio(bytes, { type, samples: sampleRate });
  }

  #bodyOf({ text, voice, speed, instructions = this.#options.instructions }: ServiceOrder): unknown {
    const { captions, events, format = "pcm", extraBody } = this.#options;
    return {
      model: this.#model,
      input: text,
      voice,
      response_format: format,
      ...(instructions === undefined ? {} : { instructions }),
      // Some servers stream only where no speed, or that of 1, is asked for.
      ...(this.capabilities.prosody?.speed && speed !== 1 ? { speed } : {}),
      ...(events ? { stream_format: "sse" } : {}),
      ...(captions ? { stream: true, return_timestamps: true } : {}),
      ...extraBody,
    };
  }
}

/** Of a server's voices the one to speak with where none was named: in English, if it can be told. */
function usualIn(voices: readonly string[]): string | undefined {
  return voices.find((name) => /^([ab][fm]_|en([-_]|$))/i.test(name)) ?? voices[0];
}

/** A model that is named is asked for, whatever day it is: the service may have kept it, or have another. */
function missingAtOpenAi({ apiKey, model }: OpenAiOptions): string | undefined {
  if (apiKey === undefined)
    return "openai needs a key or a server of your own: set OPENAI_API_KEY or OPENAI_BASE_URL";
  if (model !== undefined || Date.now() < OPENAI_ENDS) return undefined;
  return (
    "OpenAI has ended its models for speech on 2027-01-06: set OPENAI_BASE_URL to a server of your own, " +
    "or OPENAI_TTS_MODEL to a model that it has"
  );
}

/** The audio in `speech.audio.delta` events. @throws ServiceError where they end before `speech.audio.done` */
async function* deltas(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const data of eventsOf(bytes)) {
    if (data === "[DONE]") return;
    const { type, audio, error } = objectIn(data);
    if (type === "speech.audio.done") return;
    if (error !== undefined)
      throw new ServiceError("engine-failed", "the service gave up", { retryable: true });
    if (typeof audio === "string") yield fromBase64(audio);
  }
  throw broken();
}

interface CaptionedChunk {
  audio?: string;
  timestamps?: { word: string; start_time: number; end_time: number }[] | null;
}

/** Lines of JSON with audio and, in seconds from the start, the words up to there. */
async function* captioned(
  bytes: AsyncIterable<Uint8Array>,
  text: string,
): AsyncGenerator<Uint8Array | ServiceWords, void, undefined> {
  const finder = new WordFinder(text);
  for await (const line of linesOf(bytes)) {
    if (line.trim() === "") continue;
    const { timestamps, audio }: CaptionedChunk = objectIn(line);
    const words = (timestamps ?? []).flatMap(({ word, start_time: from, end_time: to }) =>
      finder.timed(word, from * 1000, to * 1000),
    );
    if (words.length > 0) yield { words };
    if (audio) yield fromBase64(audio);
  }
}
