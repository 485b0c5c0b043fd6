import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Audience } from "../../../core/protocol/speak-request.ts";
import { displayNames } from "../../shared/names.ts";
import { useCastNames } from "../cast/cast-names.ts";

/** Who says a line, and to whom. */
export function LineHead({ speaker, to }: { speaker: string; to: Audience }): JSX.Element {
  const { nameOf, colourOf } = useCastNames();
  return (
    <p class="who-line" style={colourOf(speaker)}>
      <strong>{nameOf(speaker)}</strong>
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
