/** Languages as BCP 47 and eSpeak write them, but no bare name of three letters: `en-us`, `en-gb-x-rp`, `it`. */
const LANGUAGE = /^[a-z]{2}$|^[a-z]{2,3}(-([a-z]{2}|\d{3}|[a-z]{4}|x-[a-z0-9]{1,8}|scotland|nyc))+$/i;
/** The rest of eSpeak's names, `cmn+whisper`, and Flite's four voices. */
const EMBEDDED = /^[a-z]{2,3}(-[a-z0-9]{1,8})*\+\w+$|^(slt|rms|awb|kal16)$/i;
/** Names that only one service has. */
const EDGE = /^[a-z]{2,3}-\S+neural$/i;
const DEEPGRAM = /^(aura|flux)-/i;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ELEVENLABS = /^[a-z0-9]{20}$/i;

/** Which service a voice's name must come from, by its look; undefined where it may be anybody's. */
export function originOf(
  voiceId: string,
): "embedded" | "edge" | "deepgram" | "cartesia" | "elevenlabs" | undefined {
  if (LANGUAGE.test(voiceId) || EMBEDDED.test(voiceId)) return "embedded";
  if (EDGE.test(voiceId)) return "edge";
  if (DEEPGRAM.test(voiceId)) return "deepgram";
  if (UUID.test(voiceId)) return "cartesia";
  return ELEVENLABS.test(voiceId) ? "elevenlabs" : undefined;
}
