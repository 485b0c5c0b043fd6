import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Answer } from "../../../core/protocol/answers.ts";
import type { QueuedUtterance, RecentUtterance } from "../../../core/protocol/api.ts";
import { Flame } from "../../shared/icons.tsx";
import { Scroller } from "../../shared/scroller.tsx";
import { Icon } from "../icons.tsx";
import { useMedia } from "../use-media.ts";
import { Hearing } from "./hearing.tsx";
import { LineHead } from "./line-head.tsx";
import { LineText, readText } from "./line-text.tsx";
import { outcomeOf } from "./outcome.ts";
import { atTable, furthestMs, inTurn } from "./sounding.ts";
import { Told, type ToldActions } from "./told.tsx";
import { BEFORE_ALL } from "./use-told.ts";
import { type QueueActions, Waiting } from "./waiting.tsx";

function secondsOf(ms: number): string {
  return (ms / 1000).toFixed(0);
}

/** What is known of how far a line is: what was made of it grows while it is spoken. */
function progressOf({ durationMs, ...line }: QueuedUtterance): string {
  const players = atTable(line.players);
  return durationMs > 0 && players.length > 0
    ? `Speaking · ${secondsOf(furthestMs(players))} of ${secondsOf(durationMs)} seconds`
    : "Speaking";
}

function Sounding({ line, onCancel }: { line: QueuedUtterance; onCancel: () => void }): JSX.Element {
  return (
    <li class={`talk is-now ${line.to === "all" ? "" : "is-whisper"}`}>
      <LineHead speaker={line.speaker} to={line.to} />
      <p class="talk-text">
        <LineText line={line} />
      </p>
      <p class="outcome row">
        <Flame lit />
        {progressOf(line)}
      </p>
      <div class="acts">
        <button type="button" class="quiet" onClick={onCancel}>
          Stop<span class="unseen"> this line</span>
        </button>
      </div>
      {atTable(line.players).length > 0 && <Hearing line={line} />}
    </li>
  );
}

/** What may be done with a line that was said. */
export interface SaidActions {
  onAgain: (line: RecentUtterance) => void;
  /** Left out where sound is not offered. */
  onSaveSound?: ((line: RecentUtterance) => void) | undefined;
}

function Said({
  line,
  find,
  ...actions
}: { line: RecentUtterance; find: string } & SaidActions): JSX.Element {
  const { good, words } = outcomeOf(line);
  return (
    <li class={`talk ${line.to === "all" ? "" : "is-whisper"} ${good ? "" : "is-troubled"}`}>
      <LineHead speaker={line.speaker} to={line.to} />
      <p class="talk-text">
        <LineText line={line} find={find} />
      </p>
      <p class="outcome">{words}</p>
      <div class="acts">
        {actions.onSaveSound && line.report.durationMs > 0 && (
          <button type="button" class="quiet" onClick={() => actions.onSaveSound?.(line)}>
            Save sound<span class="unseen">: {readText(line)}</span>
          </button>
        )}
        <button type="button" class="quiet" onClick={() => actions.onAgain(line)}>
          <Icon name="again" />
          <span class="words">Say again</span>
          <span class="unseen">: {readText(line)}</span>
        </button>
      </div>
    </li>
  );
}

/** What was said, is being said and will be said, from top to bottom. */
export function TableTalk(
  props: {
    /** Oldest first. */
    said: readonly RecentUtterance[];
    queue: readonly QueuedUtterance[];
    /** Words that are looked for; empty: none. */
    find: string;
    /** What players told, by the line after which it came. */
    told: ReadonlyMap<string, readonly Answer[]>;
    /** Whose hands are raised. */
    hands: readonly string[];
    /** There is more that was said before. */
    onEarlier?: (() => void) | undefined;
  } & QueueActions &
    SaidActions &
    ToldActions,
): JSX.Element {
  const { said, queue, find, onEarlier } = props;
  const isRoomy = useMedia("(min-height: 40.01rem)");
  const { sounding, waiting } = inTurn(queue);
  const toldAfter = (utterance: string): JSX.Element[] =>
    (props.told.get(utterance) ?? []).map((answer) => (
      <Told
        key={`told ${answer.id}`}
        answer={answer}
        isHandUp={props.hands.includes(answer.player)}
        onWhisperBack={props.onWhisperBack}
        onHandDown={props.onHandDown}
        onLastAgain={props.onLastAgain}
      />
    ));
  return (
    <Scroller label="Table talk">
      <div>
        {onEarlier && (
          <button type="button" class="quiet earlier" onClick={onEarlier}>
            Earlier lines
          </button>
        )}
        <ol class="talks">
          {toldAfter(BEFORE_ALL)}
          {said.flatMap((line) => [
            <Said
              key={line.utterance}
              line={line}
              find={find}
              onAgain={props.onAgain}
              onSaveSound={props.onSaveSound}
            />,
            ...toldAfter(line.utterance),
          ])}
          {sounding.map((line) => (
            <Sounding
              key={`now ${line.utterance}`}
              line={line}
              onCancel={() => props.onCancel(line.utterance)}
            />
          ))}
        </ol>
        {waiting.length > 0 && (
          <Waiting
            lines={waiting}
            isRoomy={isRoomy}
            onCancel={props.onCancel}
            onSayNow={props.onSayNow}
            onMove={props.onMove}
          />
        )}
      </div>
    </Scroller>
  );
}
