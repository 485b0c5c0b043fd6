import { type Context, createContext, useContext } from "hono/jsx/dom";
import type { CharacterInfo } from "../../../core/protocol/api.ts";
import { COLOURS } from "../../../core/protocol/colours.ts";
import { stableHash } from "../../../core/stable-choice.ts";
import { displayName } from "../../shared/names.ts";

/** How speakers are shown. */
export interface CastNames {
  nameOf: (speaker: string) => string;
  /** Their colour, as a style. */
  colourOf: (speaker: string) => string;
}

/** Style sheets have `--moss` for what is done: a name's is another. */
function styled(colour: string): string {
  return `--c: var(--${colour === "moss" ? "moss-name" : colour})`;
}

/** As their sheets have it; of who has none, what follows from the id. */
export function namesOf(characters: readonly CharacterInfo[]): CastNames {
  const known = new Map(characters.map((character) => [character.id, character]));
  return {
    nameOf: (speaker) => known.get(speaker)?.name ?? displayName(speaker),
    colourOf: (speaker) => {
      if (speaker === "dm" || speaker === "combat") return styled("amber");
      const own = known.get(speaker)?.colour ?? COLOURS[stableHash(speaker.toLowerCase()) % COLOURS.length];
      return styled(own ?? "amber");
    },
  };
}

const Cast: Context<CastNames> = createContext<CastNames>(namesOf([]));

export const CastProvider: typeof Cast.Provider = Cast.Provider;

/** How speakers are shown on this page. */
export function useCastNames(): CastNames {
  return useContext(Cast);
}
