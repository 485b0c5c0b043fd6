import { toWire } from "../../core/errors.ts";
import type { TTSRouter } from "../../engines/routing/router.ts";
import { isRecord } from "../../voices/voice-config.ts";
import { doubtsAbout, voiceDoubt } from "./line-doubts.ts";
import type { UtteranceRequest } from "./utterance.ts";
import type { SpeakerVoices, Tell, VoiceResolver } from "./voice-resolver.ts";

/** Troubles with the registry that one report tells of. */
const MAX_PROBLEMS = 8;

/** What a router may tell of the engines at the table; somebody else's tells nothing. */
export type TableEngines = object & Partial<Pick<TTSRouter, "engineNames" | "getVoices">>;

/**
 * Whose voices a line is said in, and what is wrong with them, as it turns out.
 * @param options.router what it can say of the engines at the table; a voice that they turn out not to know is told later
 * @param options.remembers whether those whom the text names speak at the table
 * @throws BardcastError `bad-request` where the line's own voice is impossible
 */
export function speakerVoices(
  request: Pick<UtteranceRequest, "text" | "speaker" | "npc" | "voice">,
  voices: VoiceResolver,
  options: { router: TableEngines; log: (message: string) => void; remembers: boolean },
): SpeakerVoices {
  const { router } = options;
  const problems = doubtsAbout(request, router.engineNames);
  const tell: Tell = (problem) => {
    options.log(problem.message);
    const isNews = !problems.some(({ message }) => message === problem.message);
    if (isNews && problems.length < MAX_PROBLEMS) problems.push(toWire(problem));
  };
  if (asksForVoice(request.voice)) void tellUnknown(request.voice, router, tell);
  return { ...voices.voicesOf(request, tell, options.remembers), problems };
}

/** Lists of voices are long: they are gone through for lines alone that name a voice of their own. */
function asksForVoice(voice: unknown): boolean {
  return isRecord(voice) && typeof voice.voiceId === "string";
}

async function tellUnknown(voice: unknown, router: TableEngines, tell: Tell): Promise<void> {
  try {
    const doubt = voiceDoubt(voice, (await router.getVoices?.()) ?? []);
    if (doubt) tell(doubt);
  } catch {
    // Who cannot list voices cannot miss one.
  }
}
