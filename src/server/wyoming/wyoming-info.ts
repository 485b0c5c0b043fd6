import type { Party } from "../../party/party.ts";
import { listVoices } from "../openai/voice-list.ts";

const ATTRIBUTION = { name: "Bardcast", url: "https://github.com/bardcast/bardcast" };
const HERE = { attribution: ATTRIBUTION, installed: true, version: null };

/** What `describe` is answered: one program that speaks, and its voices. */
export async function wyomingInfo(party: Party): Promise<Record<string, unknown>> {
  const voices = (await listVoices(party)).map(({ id, name, languages }) => ({
    ...HERE,
    name: id,
    description: name,
    languages: languages.map(asTag),
    speakers: null,
  }));
  const description = "A table's voices";
  return {
    tts: [{ ...HERE, name: "bardcast", description, voices, supports_synthesize_streaming: true }],
  };
}

/** A language as Home Assistant compares them: `en-US` for `en-us`, and `en-GB` for `en-gb-x-rp`. */
function asTag(language: string): string {
  const [base = "en", region] = language.split("-");
  if (base === "auto") return "en";
  return region?.length === 2 ? `${base}-${region.toUpperCase()}` : base;
}
