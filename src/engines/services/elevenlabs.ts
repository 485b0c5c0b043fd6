import { z } from "zod";
import { fromBase64 } from "../../core/base64.ts";
import type { WordTime } from "../../core/dsp/audio.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { readAudio } from "./audio/read-audio.ts";
import {
  CLOUD_SAMPLE_RATE,
  type CloudFacts,
  type CloudOptions,
  CloudService,
  cloudFields,
} from "./cloud-service.ts";
import { objectIn } from "./net/lines.ts";
import type { ServiceCall, ServiceNews, ServiceOrder, ServiceWords } from "./net/service.ts";
import { broken, ServiceError } from "./net/service-error.ts";
import { converse } from "./net/web-socket.ts";
import { limitsOf, parseOptions, text } from "./options.ts";
import { ServiceEngine } from "./service-engine.ts";
import { WordFinder } from "./word-finder.ts";

/** What the engine `elevenlabs` may be told. */
export interface ElevenLabsOptions extends CloudOptions {
  /**
   * Default `eleven_flash_v2_5`, which is quick. `eleven_v4_turbo`, `eleven_v4` and those of v3 act, and are spoken to over
   * another socket.
   */
  model?: string;
}

const FACTS: CloudFacts = {
  kind: "elevenlabs",
  baseUrl: "wss://api.elevenlabs.io",
  wordTimes: true,
  // "George", whom the service's own examples use.
  defaultVoice: "JBFqnCBsd6RMkjVDRZzb",
  // Sarah, Laura, Alice, Matilda, Jessica, Lily; Charlie, Callum, Liam, Brian, Daniel, Bill: of the premade voices.
  standIns: {
    female: [
      "EXAVITQu4vr4xnSDxMaL",
      "FGY2WhTYpPnrIDTdsKH5",
      "Xb7hH8MSUJpSbSDYk0k2",
      "XrExE9yKIg1WjnnlVkGX",
      "cgSgspJ2msm6clMCkdW9",
      "pFZP5JQG7iQjIQuC4Bku",
    ],
    male: [
      "IKne3meq5aSn9XLyUdCD",
      "N2lVS1w4EtoT3dr4eOWO",
      "TX3LPaxmHKxFdv7VOQHJ",
      "nPczCjzI2devNBz1zQrb",
      "onwK4e9ZLuTAKqWW03F9",
      "pqHfZKP75CvOlQylNhV4",
    ],
  },
  languages:
    "en ja zh de hi fr ko pt it es id nl tr fil pl sv bg ro ar cs el fi hr ms sk da ta uk ru hu no vi",
};

const schema: z.ZodType<ElevenLabsOptions> = z.strictObject({ ...cloudFields("ws", "wss"), model: text });

/** Models that only the socket for dialogues takes. */
const DIALOGUE_MODEL = /^eleven_v[34]/;

/**
 * ElevenLabs, over its streaming WebSockets, with word times. Voice ids are the service's, 20 characters.
 * @throws InputError `bad-request` for options that make no sense
 */
export function createElevenLabsEngine(options?: ElevenLabsOptions, name = "elevenlabs"): TTSEngine {
  const parsed = parseOptions(schema, options, { apiKey: "ELEVENLABS_API_KEY" });
  return new ServiceEngine(name, new ElevenLabsService(parsed), limitsOf(parsed));
}

class ElevenLabsService extends CloudService {
  readonly #model: string;

  constructor(options: ElevenLabsOptions) {
    super(FACTS, options);
    this.#model = options.model ?? "eleven_flash_v2_5";
  }

  async *speak(order: ServiceOrder, call: ServiceCall): AsyncGenerator<ServiceNews> {
    const { path, query, messages } = DIALOGUE_MODEL.test(this.#model)
      ? this.#dialogue(order)
      : this.#monologue(order);
    const common = {
      model_id: this.#model,
      output_format: `pcm_${CLOUD_SAMPLE_RATE}`,
      sync_alignment: "true",
    };
    const url = `${this.baseUrl}${path}?${new URLSearchParams({ ...common, ...query })}`;
    const answers = converse(
      url,
      messages.map((each) => JSON.stringify(each)),
      call,
    );
    yield* readAudio(audioOf(answers, order.text), { samples: CLOUD_SAMPLE_RATE });
  }

  #monologue({ text, voice, language }: ServiceOrder): Conversation {
    const isTold = this.#model.includes("v2_5");
    return {
      path: `/v1/text-to-speech/${encodeURIComponent(voice)}/stream-input`,
      query: {
        // The whole sentence is there already: nothing is gained by waiting for more of it.
        auto_mode: "true",
        ...(isTold ? { language_code: language.split("-")[0] ?? "" } : {}),
      },
      // In the first message, because not every runtime sends headers with a WebSocket.
      messages: [
        { text: " ", "xi-api-key": this.key, xi_api_key: this.key },
        { text: `${text} ` },
        { text: "" },
      ],
    };
  }

  #dialogue({ text, voice }: ServiceOrder): Conversation {
    return {
      path: "/v1/text-to-dialogue/stream-input",
      query: {},
      messages: [
        { voices: [voice], xi_api_key: this.key },
        // Otherwise its last words are kept back, and said as a fragment of their own.
        { inputs: [{ text, voice_id: voice }], flush: true },
        { close_socket: true },
      ],
    };
  }
}

/** What is asked, and said, over one socket. */
interface Conversation {
  path: string;
  query: Readonly<Record<string, string>>;
  messages: readonly object[];
}

interface Alignment {
  chars: string[];
  /** From where this part begins. */
  charStartTimesMs: number[];
  charDurationsMs: number[];
}

/** As either socket writes it; undefined where there is none, or it is in a form that is not known. */
function alignmentIn(told: unknown): Alignment | undefined {
  const fields = (told ?? {}) as Record<string, unknown>;
  const { chars } = fields;
  const charStartTimesMs = fields.charStartTimesMs ?? fields.char_start_times_ms;
  const charDurationsMs = fields.charDurationsMs ?? fields.char_durations_ms;
  const isKnown = [chars, charStartTimesMs, charDurationsMs].every(Array.isArray);
  return isKnown ? ({ chars, charStartTimesMs, charDurationsMs } as Alignment) : undefined;
}

async function* audioOf(
  messages: AsyncIterable<string | Uint8Array>,
  text: string,
): AsyncGenerator<Uint8Array | ServiceWords, void, undefined> {
  const speller = new Speller(text);
  let bytes = 0;
  let isSaid = false;
  for await (const message of messages) {
    const told = objectIn(String(message));
    if (told.error !== undefined) throw refusal(String(told.error), String(told.message ?? told.error));
    const alignment = alignmentIn(told.alignment);
    if (alignment) yield { words: speller.push(alignment, (bytes / 2 / CLOUD_SAMPLE_RATE) * 1000) };
    if (typeof told.audio === "string" && told.audio !== "") {
      const part = fromBase64(told.audio);
      bytes += part.length;
      yield part;
    }
    isSaid ||= told.is_final_audio_for_turn === true;
    if (told.isFinal !== true && told.is_final !== true) continue;
    yield { words: speller.end() };
    return;
  }
  if (!isSaid) throw broken();
  yield { words: speller.end() };
}

function refusal(error: string, words: string): ServiceError {
  const message = `the service said: ${words}`;
  if (/voice/i.test(error)) return new ServiceError("voice-unknown", message);
  const isFinal = /auth|api_key|quota|payment|permission/i.test(error);
  return new ServiceError(isFinal ? "engine-unavailable" : "engine-failed", message, {
    retryable: /busy|rate|concurren|limit/i.test(error) && !isFinal,
  });
}

/** Makes words of characters and their times; a word may begin in one part and end in the next. */
class Speller {
  readonly #finder: WordFinder;
  #word = "";
  #startMs = 0;
  #endMs = 0;

  constructor(text: string) {
    this.#finder = new WordFinder(text);
  }

  /** Words that are complete with this part. @param fromMs where the part begins */
  push({ chars, charStartTimesMs, charDurationsMs }: Alignment, fromMs: number): WordTime[] {
    return chars.flatMap((char, index) => {
      if (/\s/.test(char)) return this.end();
      const startMs = fromMs + (charStartTimesMs[index] ?? 0);
      if (this.#word === "") this.#startMs = startMs;
      this.#word += char;
      this.#endMs = startMs + (charDurationsMs[index] ?? 0);
      return [];
    });
  }

  /** The word that was being spelled. */
  end(): WordTime[] {
    const word = this.#word;
    this.#word = "";
    return this.#finder.timed(word, this.#startMs, this.#endMs);
  }
}
