import { z } from "zod";
import type { TTSEngine } from "../engine.ts";
import { environment } from "./environment.ts";
import { bytesOf, post } from "./http.ts";
import { address, limitsOf, parseOptions, type ServiceOptions, serviceFields, text } from "./options.ts";
import { readAudio } from "./read-audio.ts";
import type { ServiceCall, ServiceNews, ServiceOrder, SpeechService } from "./service.ts";
import { ServiceEngine } from "./service-engine.ts";
import { originOf } from "./voice-origin.ts";

export interface DeepgramOptions extends ServiceOptions {
  /** Default `DEEPGRAM_API_KEY`. */
  apiKey?: string;
  /** Default `https://api.deepgram.com`. */
  baseUrl?: string;
}

const SAMPLE_RATE = 24_000;
const DEFAULT_VOICE = "aura-2-thalia-en";

const schema: z.ZodType<DeepgramOptions> = z.strictObject({
  ...serviceFields,
  apiKey: text,
  baseUrl: address("http", "https"),
});

/**
 * Deepgram's Aura. Voice ids are its models, each of which speaks one language: `aura-2-thalia-en`.
 * @throws InputError `bad-request` for options that make no sense
 */
export function createDeepgramEngine(options?: DeepgramOptions, name = "deepgram"): TTSEngine {
  const parsed = parseOptions(schema, options);
  return new ServiceEngine(name, new DeepgramService(parsed), limitsOf(parsed));
}

class DeepgramService implements SpeechService {
  readonly capabilities: SpeechService["capabilities"] = {
    streaming: true,
    wordTimes: false,
    sampleRate: SAMPLE_RATE,
    // Its own speed ends at 0.7 and 1.5.
    prosody: { speed: false, pitch: false },
  };
  readonly languages: readonly string[];
  readonly defaultVoice: string;
  readonly missing: string | undefined;
  readonly secrets: readonly string[];
  readonly #baseUrl: string;

  constructor(options: DeepgramOptions) {
    const key = options.apiKey ?? environment("DEEPGRAM_API_KEY");
    this.#baseUrl = (options.baseUrl ?? "https://api.deepgram.com").replace(/\/+$/, "");
    this.secrets = key === undefined ? [] : [key];
    this.missing = key === undefined ? "deepgram needs a key: set DEEPGRAM_API_KEY" : undefined;
    this.defaultVoice = options.voice ?? DEFAULT_VOICE;
    this.languages = options.languages ?? [
      /-([a-z]{2})$/i.exec(this.defaultVoice)?.[1]?.toLowerCase() ?? "en",
    ];
  }

  isVoice(id: string): boolean {
    return originOf(id) === "deepgram";
  }

  async *speak({ text, voice }: ServiceOrder, call: ServiceCall): AsyncGenerator<ServiceNews> {
    const query = new URLSearchParams({
      model: voice,
      encoding: "linear16",
      sample_rate: `${SAMPLE_RATE}`,
      container: "none",
    });
    const response = await post(`${this.#baseUrl}/v1/speak?${query}`, call, {
      headers: { Authorization: `Token ${this.secrets[0] ?? ""}` },
      body: { text },
      isVoiceUnknown: (status, words) => [400, 404, 422].includes(status) && /model|voice/i.test(words),
    });
    yield* readAudio(bytesOf(response, call.signal), SAMPLE_RATE);
  }
}
