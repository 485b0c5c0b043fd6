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
  /** Default `eleven_flash_v2_5`. */
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

/**
 * ElevenLabs, over its streaming WebSocket, with word times. Voice ids are the service's, 20 characters.
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

  async *speak({ text, voice, language }: ServiceOrder, call: ServiceCall): AsyncGenerator<ServiceNews> {
    const query = new URLSearchParams({
      model_id: this.#model,
      output_format: `pcm_${CLOUD_SAMPLE_RATE}`,
      // The whole sentence is there already: nothing is gained by waiting for more of it.
      auto_mode: "true",
      sync_alignment: "true",
      ...(/v2_5|v3/.test(this.#model) ? { language_code: language.split("-")[0] ?? "" } : {}),
    });
    const path = `/v1/text-to-speech/${encodeURIComponent(voice)}/stream-input`;
    const url = `${this.baseUrl}${path}?${query}`;
    // In the first message, because not every runtime sends headers with a WebSocket.
    const opening = { text: " ", "xi-api-key": this.key, xi_api_key: this.key };
    const messages = [opening, { text: `${text} ` }, { text: "" }].map((each) => JSON.stringify(each));
    yield* readAudio(audioOf(converse(url, messages, call), text), { samples: CLOUD_SAMPLE_RATE });
  }
}

interface Alignment {
  chars: string[];
  /** From where this part begins. */
  charStartTimesMs: number[];
  charDurationsMs: number[];
}

async function* audioOf(
  messages: AsyncIterable<string | Uint8Array>,
  text: string,
): AsyncGenerator<Uint8Array | ServiceWords, void, undefined> {
  const speller = new Speller(text);
  let bytes = 0;
  for await (const message of messages) {
    const { audio, alignment, isFinal, error, message: words } = objectIn(String(message));
    if (error !== undefined) throw refusal(String(error), String(words ?? error));
    if (alignment)
      yield { words: speller.push(alignment as Alignment, (bytes / 2 / CLOUD_SAMPLE_RATE) * 1000) };
    if (typeof audio === "string" && audio !== "") {
      const part = fromBase64(audio);
      bytes += part.length;
      yield part;
    }
    if (isFinal !== true) continue;
    yield { words: speller.end() };
    return;
  }
  throw broken();
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
