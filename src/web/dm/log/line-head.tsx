import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Audience } from "../../../core/protocol/speak-request.ts";
import { displayName, displayNames } from "../../shared/names.ts";
import { speakerColour } from "../../shared/speaker-colour.ts";

/** Who says a line, and to whom. */
export function LineHead({ speaker, to }: { speaker: string; to: Audience }): JSX.Element {
  return (
    <p class="who-line" style={speakerColour(speaker)}>
      <strong>{displayName(speaker)}</strong>
      {to === "all" ? (
        <span key="all">to everyone</span>
      ) : (
        <span key="whisper" class="moonword">
          whispers to {displayNames(to)}
        </span>
      )}
    </p>
  );
}
