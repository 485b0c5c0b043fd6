import type { EngineStatus } from "../../../core/protocol/api.ts";

/** An engine as a game master knows it. */
export interface EngineWords {
  name: string;
  /** What it is for, or what is the matter. */
  about: string;
  isReady: boolean;
}

const KNOWN: Readonly<Record<string, readonly [name: string, about: string]>> = {
  sherpa: ["The better voices", "on this computer"],
  flite: ["The plain English voice", "on this computer"],
  espeak: ["The robot", "every other language, and when nobody else can"],
};

/** What a game master calls an engine. */
export function engineWords(name: string): string {
  return KNOWN[name]?.[0] ?? `Your voice service (${displayed(name)})`;
}

/** An engine in a game master's words. */
export function wordsOf({ name, available, outOfOrder, languages }: EngineStatus): EngineWords {
  const known = engineWords(name);
  const about = KNOWN[name]?.[1] ?? languagesOf(languages);
  if (!available) return { name: known, about: "not set up here", isReady: false };
  if (outOfOrder !== undefined) return { name: known, about: outOfOrder, isReady: false };
  return { name: known, about, isReady: true };
}

function displayed(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function languagesOf(languages: readonly string[]): string {
  if (languages.includes("*")) return "every language";
  return languages.length > 0 ? `${languages.length} languages` : "languages unknown";
}
