import { toWire } from "../../core/errors.ts";
import { doubtsAbout } from "./line-doubts.ts";
import type { UtteranceRequest } from "./utterance.ts";
import type { SpeakerVoices, Tell, VoiceResolver } from "./voice-resolver.ts";

/** Troubles with the registry that one report tells of. */
const MAX_PROBLEMS = 8;

/**
 * Whose voices a line is said in, and what is wrong with them, as it turns out.
 * @param options.engines names of the engines at the table; undefined: not known
 * @param options.remembers whether those whom the text names speak at the table
 * @throws BardcastError `bad-request` where the line's own voice is impossible
 */
export function speakerVoices(
  request: Pick<UtteranceRequest, "text" | "speaker" | "npc" | "voice">,
  voices: VoiceResolver,
  options: { engines: readonly string[] | undefined; log: (message: string) => void; remembers: boolean },
): SpeakerVoices {
  const problems = doubtsAbout(request, options.engines);
  const tell: Tell = (problem) => {
    options.log(problem.message);
    const isNews = !problems.some(({ message }) => message === problem.message);
    if (isNews && problems.length < MAX_PROBLEMS) problems.push(toWire(problem));
  };
  return { ...voices.voicesOf(request, tell, options.remembers), problems };
}
