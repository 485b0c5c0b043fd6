import type { Party } from "../../party/party.ts";
import type { RenderRequest } from "../../party/render-line.ts";
import { engineNamed } from "../../voices/engine-names.ts";
import { isNarrator, nameKey } from "../../voices/registry-keys.ts";
import { VOICE_LIMITS } from "../../voices/voice-config.ts";
import type { VoiceWish } from "./speech-request.ts";

/** Who speaks, and in which voice. */
type Speaker = Pick<RenderRequest, "speaker" | "npc" | "voice" | "context">;

/** OpenAI's voices, which programs name before anybody has told them another: each is a voice of this table's own. */
export const OPENAI_VOICES: ReadonlyMap<string, "female" | "male"> = new Map([
  ["alloy", "female"],
  ["ash", "male"],
  ["ballad", "male"],
  ["cedar", "male"],
  ["coral", "female"],
  ["echo", "male"],
  ["fable", "male"],
  ["marin", "female"],
  ["nova", "female"],
  ["onyx", "male"],
  ["sage", "female"],
  ["shimmer", "female"],
  ["verse", "male"],
]);

/**
 * The voice that a program means: a character's, by name or id; the narrator's, `dm`; one of OpenAI's, which is cast
 * here; `flite:slt`, an engine's own; else whatever voice the engines know by that name.
 */
export async function requestedVoice(party: Party, request: VoiceWish): Promise<Speaker> {
  const { voice: name = "dm", instructions } = request;
  const { router } = party;
  const engines = router.engineNames ?? (await router.getStatus()).map((engine) => engine.name);
  const engine = engineNamed(request.model, engines);
  const extra = { ...(engine ? { engine } : {}), ...(instructions ? { instructions } : {}) };
  const inVoice = (ownSpeed: number, voice: Record<string, unknown> = {}): Pick<Speaker, "voice"> => {
    const changed = {
      ...extra,
      ...voice,
      ...(request.speed === 1 ? {} : { speed: faster(ownSpeed, request.speed) }),
    };
    return Object.keys(changed).length > 0 ? { voice: changed } : {};
  };
  const character = characterNamed(party, name);
  if (character) return { speaker: character.id, ...inVoice(character.speaksWith?.speed ?? 1) };
  if (isNarrator(name))
    return { speaker: name, context: "narration", ...inVoice(party.registry.getVoiceConfig(name).speed) };
  const gender = OPENAI_VOICES.get(name.toLowerCase());
  if (gender) return { speaker: name.toLowerCase(), npc: { gender }, ...inVoice(1) };
  const [, prefix = "", rest = ""] = /^([\w .-]+):(.+)$/.exec(name) ?? [];
  const own = engineNamed(prefix, engines);
  const named = own ? { voiceId: rest, engine: own } : { voiceId: name };
  return { context: "narration", ...inVoice(1, { ...named, replace: true }) };
}

function characterNamed(party: Party, name: string) {
  const key = nameKey(name);
  const { characters } = party.characters.list();
  return (
    characters.find(({ id }) => nameKey(id) === key) ?? characters.find((each) => nameKey(each.name) === key)
  );
}

/** A speed relative to the voice's own, as far as there are such. */
function faster(own: number, factor: number): number {
  const [least, most] = VOICE_LIMITS.speed;
  return Math.min(most, Math.max(least, own * factor));
}
