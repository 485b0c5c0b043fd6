import { z } from "zod";
import type { TTSEngine } from "../contract/engine.ts";
import { readAudio } from "./audio/read-audio.ts";
import {
  CLOUD_SAMPLE_RATE,
  type CloudFacts,
  type CloudOptions,
  CloudService,
  cloudFields,
} from "./cloud-service.ts";
import { bytesOf, post, typeOf } from "./net/http.ts";
import type { ServiceCall, ServiceNews, ServiceOrder } from "./net/service.ts";
import { limitsOf, parseOptions } from "./options.ts";
import { ServiceEngine } from "./service-engine.ts";

/** What the engine `deepgram` may be told. */
export type DeepgramOptions = CloudOptions;

const FACTS: CloudFacts = {
  kind: "deepgram",
  baseUrl: "https://api.deepgram.com",
  wordTimes: false,
  defaultVoice: "aura-2-thalia-en",
  standIns: {
    female: [
      "aura-2-andromeda-en",
      "aura-2-athena-en",
      "aura-2-helena-en",
      "aura-2-luna-en",
      "aura-2-pandora-en",
    ],
    male: ["aura-2-apollo-en", "aura-2-arcas-en", "aura-2-draco-en", "aura-2-orion-en", "aura-2-zeus-en"],
  },
  languages: "en",
};

const schema: z.ZodType<DeepgramOptions> = z.strictObject(cloudFields("http", "https"));

/**
 * Deepgram's Aura. Voice ids are its models, each of which speaks one language: `aura-2-thalia-en`.
 * @throws InputError `bad-request` for options that make no sense
 */
export function createDeepgramEngine(options?: DeepgramOptions, name = "deepgram"): TTSEngine {
  const parsed = parseOptions(schema, options, { apiKey: "DEEPGRAM_API_KEY" });
  return new ServiceEngine(name, new DeepgramService(parsed), limitsOf(parsed));
}

class DeepgramService extends CloudService {
  constructor(options: DeepgramOptions) {
    const spoken = /-([a-z]{2})$/i.exec(options.voice ?? "")?.[1]?.toLowerCase();
    super(spoken === undefined ? FACTS : { ...FACTS, languages: spoken }, options);
  }

  async *speak({ text, voice }: ServiceOrder, call: ServiceCall): AsyncGenerator<ServiceNews> {
    const query = new URLSearchParams({
      model: voice,
      encoding: "linear16",
      sample_rate: `${CLOUD_SAMPLE_RATE}`,
      container: "none",
    });
    const response = await post(`${this.baseUrl}/v1/speak?${query}`, call, {
      headers: { Authorization: `Token ${this.key}` },
      body: { text },
      isVoiceUnknown: (status, words) => [400, 404, 422].includes(status) && /model|voice/i.test(words),
    });
    yield* readAudio(bytesOf(response, call.signal), {
      type: typeOf(response),
      samples: CLOUD_SAMPLE_RATE,
    });
  }
}
