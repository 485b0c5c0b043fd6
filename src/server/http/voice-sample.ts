import { plainVoice, type VoiceConfig } from "../../voices/voice-config.ts";

/** What is said to hear how a voice sounds. */
export interface VoiceSample {
  text: string;
  voice: VoiceConfig;
}

/** By language. */
const TEXTS: Readonly<Record<string, string>> = {
  en: "Well met, traveller. Sit down by the fire, and tell me what you saw in the old mine.",
  de: "Sei gegrüßt, Wanderer. Setz dich ans Feuer und erzähl mir, was du in der alten Mine gesehen hast.",
  fr: "Bienvenue, voyageur. Assieds-toi près du feu et raconte-moi ce que tu as vu dans la vieille mine.",
  es: "Bienvenido, viajero. Siéntate junto al fuego y cuéntame qué viste en la vieja mina.",
  it: "Benvenuto, viandante. Siediti accanto al fuoco e raccontami che cosa hai visto nella vecchia miniera.",
  nl: "Welkom, reiziger. Ga bij het vuur zitten en vertel me wat je in de oude mijn hebt gezien.",
  pt: "Bem-vindo, viajante. Senta-te junto ao fogo e conta-me o que viste na velha mina.",
  pl: "Witaj, wędrowcze. Usiądź przy ogniu i opowiedz mi, co widziałeś w starej kopalni.",
};

/** In other languages a voice says its name. @param language BCP 47, lower-cased */
export function voiceSample(voiceId: string, language: string): VoiceSample {
  const text = TEXTS[language.split("-", 1)[0] ?? ""] ?? voiceId;
  return { text, voice: { ...plainVoice(language), voiceId } };
}
