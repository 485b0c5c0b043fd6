import { z } from "zod";
import { fromBase64 } from "../../core/base64.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { readAudio } from "./audio/read-audio.ts";
import {
  CLOUD_SAMPLE_RATE,
  type CloudFacts,
  type CloudOptions,
  CloudService,
  cloudFields,
} from "./cloud-service.ts";
import { bytesOf, post } from "./net/http.ts";
import { eventsOf, objectIn } from "./net/lines.ts";
import type { ServiceCall, ServiceNews, ServiceOrder, ServiceWords } from "./net/service.ts";
import { broken, ServiceError } from "./net/service-error.ts";
import { limitsOf, parseOptions, text } from "./options.ts";
import { ServiceEngine } from "./service-engine.ts";
import { WordFinder } from "./word-finder.ts";

/** What the engine `cartesia` may be told. */
export interface CartesiaOptions extends CloudOptions {
  /** Default `sonic-3.5`. */
  model?: string;
  /** The day whose API is spoken, as the service writes it; default `2026-03-01`. */
  version?: string;
}

const FACTS: CloudFacts = {
  kind: "cartesia",
  baseUrl: "https://api.cartesia.ai",
  wordTimes: true,
  // "Katie", whom the service's own examples use.
  defaultVoice: "f786b574-daa5-4673-aa0c-cbe3e8534c02",
  // Katie, Tessa, Jacqueline; Kiefer, Kyle, Blake: those that the service recommends for agents.
  standIns: {
    female: [
      "f786b574-daa5-4673-aa0c-cbe3e8534c02",
      "6ccbfb76-1fc6-48f7-b71d-91ac6298247b",
      "9626c31c-bec5-4cca-baa8-f8ba9e84c8bc",
    ],
    male: [
      "228fca29-3a0a-435c-8728-5cb483251068",
      "c961b81c-a935-4c17-bfb3-ba2239de8c2f",
      "a167e0f3-df7e-4d52-a9c3-f949145efdab",
    ],
  },
  languages:
    "en fr de es pt zh ja hi it ko nl pl ru sv tr tl bg ro ar cs el fi hr ms sk da ta uk hu no vi bn th he ka id te gu kn ml mr pa",
};

const schema: z.ZodType<CartesiaOptions> = z.strictObject({
  ...cloudFields("http", "https"),
  model: text,
  version: text,
});

/** Cartesia's Sonic, with word times. Voice ids are UUIDs. @throws InputError `bad-request` for senseless options */
export function createCartesiaEngine(options?: CartesiaOptions, name = "cartesia"): TTSEngine {
  const parsed = parseOptions(schema, options, { apiKey: "CARTESIA_API_KEY" });
  return new ServiceEngine(name, new CartesiaService(parsed), limitsOf(parsed));
}

class CartesiaService extends CloudService {
  readonly #options: CartesiaOptions;

  constructor(options: CartesiaOptions) {
    super(FACTS, options);
    this.#options = options;
  }

  async *speak({ text, voice, language }: ServiceOrder, call: ServiceCall): AsyncGenerator<ServiceNews> {
    const { version = "2026-03-01", model = "sonic-3.5" } = this.#options;
    const response = await post(`${this.baseUrl}/tts/sse`, call, {
      headers: { Authorization: `Bearer ${this.key}`, "Cartesia-Version": version },
      body: {
        model_id: model,
        transcript: text,
        voice: { mode: "id", id: voice },
        language: language.split("-")[0],
        output_format: { container: "raw", encoding: "pcm_s16le", sample_rate: CLOUD_SAMPLE_RATE },
        add_timestamps: true,
      },
      isVoiceUnknown: (status, words) => [400, 404, 422].includes(status) && /voice/i.test(words),
    });
    yield* readAudio(audioOf(bytesOf(response, call.signal), text), { samples: CLOUD_SAMPLE_RATE });
  }
}

interface WordTimestamps {
  words: string[];
  /** Seconds from the start. */
  start: number[];
  end: number[];
}

async function* audioOf(
  bytes: AsyncIterable<Uint8Array>,
  text: string,
): AsyncGenerator<Uint8Array | ServiceWords, void, undefined> {
  const finder = new WordFinder(text);
  for await (const json of eventsOf(bytes)) {
    const event = objectIn(json);
    if (event.type === "done") return;
    if (event.type === "error") throw refusal(event);
    if (event.type === "chunk" && typeof event.data === "string") yield fromBase64(event.data);
    if (event.type !== "timestamps") continue;
    const { words = [], start = [], end = [] } = (event.word_timestamps ?? {}) as Partial<WordTimestamps>;
    const timed = words.flatMap((word, at) =>
      finder.timed(word, (start[at] ?? 0) * 1000, (end[at] ?? start[at] ?? 0) * 1000),
    );
    yield { words: timed };
  }
  throw broken();
}

/** Of an error that comes when the answer has begun. Before `2026-03-01` it had neither a title nor a code. */
function refusal({
  title,
  message,
  error,
  error_code: code,
  status_code: status,
}: Record<string, unknown>): ServiceError {
  const words = `the service said: ${message ?? error ?? title}`;
  if (/voice/i.test(String(code)) && /not_found|invalid|unknown/i.test(String(code)))
    return new ServiceError("voice-unknown", words);
  const isBusy = status === 429 || /limit/i.test(String(code));
  const isTheirs = typeof status === "number" && status >= 500;
  return new ServiceError("engine-failed", words, { retryable: isBusy || isTheirs });
}
