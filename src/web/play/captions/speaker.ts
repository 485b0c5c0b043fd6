import type { Line } from "../../../client/index.ts";
import { COLOURS } from "../../../core/protocol/colours.ts";
import { displayName } from "../../shared/names.ts";

/** Who speaks, as it is shown; undefined where that is not known. */
export function speakerName({ name, speaker, from }: Line): string | undefined {
  const id = speaker ?? from;
  return name ?? (id === undefined ? undefined : displayName(id));
}

/** A character's colour as a custom property of the style sheet; amber is the game master's. */
export function speakerColour({ colour }: Pick<Line, "colour">): string {
  return `--${COLOURS.find((known) => known === colour) ?? "amber"}`;
}
