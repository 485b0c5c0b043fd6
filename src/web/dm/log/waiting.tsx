import { useEffect, useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { QueuedUtterance } from "../../../core/protocol/api.ts";
import { displayNames } from "../../shared/names.ts";
import { useCastNames } from "../cast/cast-names.ts";
import { draggable, Grip } from "../lines/grip.tsx";
import { LineText, readText } from "./line-text.tsx";

/** What a game master does with lines. */
export interface QueueActions {
  onCancel: (utterance: string) => void;
  /** Says a line that waits before all others. */
  onSayNow: (line: QueuedUtterance) => void;
  /** Has a line that waits begun before another, or after all others. */
  onMove: (utterance: string, before: string | null) => void;
}

/** Lines that wait for their turn; folded where there is little room. */
export function Waiting(
  props: { lines: readonly QueuedUtterance[]; isRoomy: boolean } & QueueActions,
): JSX.Element {
  const { lines, isRoomy, onCancel, onSayNow, onMove } = props;
  const { nameOf, colourOf } = useCastNames();
  const movable = lines.filter((line) => line.movable).map(({ utterance }) => utterance);
  const byKeys = useRef<string>(null);
  useEffect(() => {
    // It was put elsewhere in the page, and may have lost the focus by that.
    if (byKeys.current && document.activeElement === document.body)
      document.getElementById(`grip-${byKeys.current}`)?.focus();
    byKeys.current = null;
  }, [movable.join()]);
  const moveBy = (utterance: string, by: 1 | -1): void => {
    const at = movable.indexOf(utterance);
    if (!movable[at + by]) return;
    byKeys.current = utterance;
    onMove(utterance, movable[by < 0 ? at - 1 : at + 2] ?? null);
  };
  const drop = (utterance: string, before: string): void => {
    if (utterance !== before && movable.includes(utterance)) onMove(utterance, before);
  };
  return (
    <details class="next" open={isRoomy}>
      <summary>{lines.length === 1 ? "1 line waits" : `${lines.length} lines wait`}</summary>
      <ol>
        {lines.map((line) => (
          <li
            key={line.utterance}
            class="wait"
            style={colourOf(line.speaker)}
            {...(line.movable ? draggable(line.utterance, (other) => drop(other, line.utterance)) : {})}
          >
            {line.movable && movable.length > 1 && (
              <Grip id={line.utterance} words={readText(line)} onMove={(by) => moveBy(line.utterance, by)} />
            )}
            <p>
              <strong>{nameOf(line.speaker)}</strong>{" "}
              {line.to !== "all" && <span class="moonword">to {displayNames(line.to)}: </span>}
              <LineText line={line} />
              {line.state === "interrupted" && <em> Interrupted, goes on after</em>}
            </p>
            <div class="acts">
              {line.state === "waiting" && (
                <button type="button" class="quiet" onClick={() => onSayNow(line)}>
                  Say now<span class="unseen">: {readText(line)}</span>
                </button>
              )}
              <button type="button" class="quiet" onClick={() => onCancel(line.utterance)}>
                Skip<span class="unseen">: {readText(line)}</span>
              </button>
            </div>
          </li>
        ))}
      </ol>
    </details>
  );
}
