import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { QueuedUtterance } from "../../../core/protocol/api.ts";
import { displayNames } from "../../shared/names.ts";
import { useCastNames } from "../cast/cast-names.ts";

/** What a game master does with lines. */
export interface QueueActions {
  onCancel: (utterance: string) => void;
  /** Says a line that waits before all others. */
  onSayNow: (line: QueuedUtterance) => void;
}

/** Lines that wait for their turn; folded where there is little room. */
export function Waiting(
  props: { lines: readonly QueuedUtterance[]; isRoomy: boolean } & QueueActions,
): JSX.Element {
  const { lines, isRoomy, onCancel, onSayNow } = props;
  const { nameOf, colourOf } = useCastNames();
  return (
    <details class="next" open={isRoomy}>
      <summary>{lines.length === 1 ? "1 line waits" : `${lines.length} lines wait`}</summary>
      <ol>
        {lines.map((line) => (
          <li key={line.utterance} class="wait" style={colourOf(line.speaker)}>
            <p>
              <strong>{nameOf(line.speaker)}</strong>{" "}
              {line.to !== "all" && <span class="moonword">to {displayNames(line.to)}: </span>}
              {line.text}
              {line.state === "interrupted" && <em> Interrupted, goes on after</em>}
            </p>
            <div class="acts">
              {line.state === "waiting" && (
                <button type="button" class="quiet" onClick={() => onSayNow(line)}>
                  Say now<span class="unseen">: {line.text}</span>
                </button>
              )}
              <button type="button" class="quiet" onClick={() => onCancel(line.utterance)}>
                Skip<span class="unseen">: {line.text}</span>
              </button>
            </div>
          </li>
        ))}
      </ol>
    </details>
  );
}
