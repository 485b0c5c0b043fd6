import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { QueuedUtterance, RecentUtterance } from "../../core/protocol/api.ts";
import { Flame, Moon } from "../shared/icons.tsx";
import { displayName, displayNames } from "../shared/names.ts";
import { Scroller } from "../shared/scroller.tsx";
import { Hearing } from "./hearing.tsx";
import { outcomeOf } from "./outcome.ts";

function Heading({ line }: { line: QueuedUtterance | RecentUtterance }): JSX.Element {
  return (
    <p class="talk-head">
      <strong>{displayName(line.speaker)}</strong>
      {line.to === "all" ? (
        <span key="all">to everyone</span>
      ) : (
        <span key="whisper" class="talk-whisper">
          <Moon /> whispers to {displayNames(line.to)}
        </span>
      )}
    </p>
  );
}

/** Whether it sounds somewhere: lines are sent long before their turn to be heard. */
function isSounding({ state, players }: QueuedUtterance, isFirst: boolean): boolean {
  return (
    (state === "speaking" || state === "draining") && (isFirst || players.some(({ heardMs }) => heardMs > 0))
  );
}

function Coming(props: { line: QueuedUtterance; isFirst: boolean; onCancel: () => void }): JSX.Element {
  const { line, isFirst, onCancel } = props;
  const speaking = isSounding(line, isFirst);
  return (
    <li class={`talk ${line.to === "all" ? "" : "is-whisper"} is-${speaking ? "speaking" : "waiting"}`}>
      <Heading line={line} />
      <p class="talk-text">{line.text}</p>
      <p class="talk-outcome">
        <Flame lit={speaking} />
        <span>
          {speaking ? "Speaking" : line.state === "interrupted" ? "Interrupted, goes on after" : "Waiting"}
        </span>
        <button type="button" class="quiet" onClick={onCancel}>
          {speaking ? "Stop" : "Cancel"}
          <span class="unseen"> this line</span>
        </button>
      </p>
      {speaking && line.players.length > 0 && <Hearing line={line} />}
    </li>
  );
}

function Gone({ line, onAgain }: { line: RecentUtterance; onAgain: () => void }): JSX.Element {
  const { good, words } = outcomeOf(line);
  return (
    <li class={`talk ${line.to === "all" ? "" : "is-whisper"} ${good ? "" : "is-troubled"}`}>
      <Heading line={line} />
      <p class="talk-text">{line.text}</p>
      <p class="talk-outcome">
        <span>{words}</span>
        <button type="button" class="quiet" onClick={onAgain}>
          Say again<span class="unseen">: {line.text}</span>
        </button>
      </p>
    </li>
  );
}

/** What was said, is being said and will be said, from top to bottom. */
export function TableTalk(props: {
  recent: readonly RecentUtterance[];
  queue: readonly QueuedUtterance[];
  onCancel: (utterance: string) => void;
  onAgain: (line: RecentUtterance) => void;
}): JSX.Element {
  const { recent, queue, onCancel, onAgain } = props;
  const coming = new Set(queue.map(({ utterance }) => utterance));
  const gone = [...recent].reverse().filter(({ utterance }) => !coming.has(utterance));
  return (
    <Scroller label="Table talk">
      <ol class="table-talk">
        {gone.map((line) => (
          <Gone key={line.utterance} line={line} onAgain={() => onAgain(line)} />
        ))}
        {queue.map((line, index) => (
          <Coming
            key={line.utterance}
            line={line}
            isFirst={index === 0}
            onCancel={() => onCancel(line.utterance)}
          />
        ))}
      </ol>
    </Scroller>
  );
}
