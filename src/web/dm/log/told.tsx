import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Answer } from "../../../core/protocol/answers.ts";
import { displayName } from "../../shared/names.ts";

/** What the game master does with what a player told. */
export interface ToldActions {
  onWhisperBack: (player: string) => void;
  onHandDown: (player: string) => void;
  /** Says the last line again. */
  onLastAgain: () => void;
}

function wordsOf({ kind, text, raised }: Answer): string {
  if (text !== undefined && text !== "") return text;
  if (kind === "hand") return raised ? "raises a hand" : "lowers the hand";
  return kind === "again" ? "Again, please." : "Slower, please.";
}

/** What a player told the table, or the game master alone. */
export function Told(props: { answer: Answer; isHandUp: boolean } & ToldActions): JSX.Element {
  const { answer, isHandUp, onWhisperBack, onHandDown, onLastAgain } = props;
  const { player, kind } = answer;
  const name = displayName(player);
  return (
    <li class="talk is-player">
      <p class="who-line">
        <strong>{name}</strong>
        <span>{answer.private ? "to you alone" : "to everyone"}</span>
      </p>
      <p class="talk-text">{wordsOf(answer)}</p>
      <div class="acts">
        {kind === "hand" && answer.raised && isHandUp && (
          <button type="button" class="quiet" onClick={() => onHandDown(player)}>
            Hand down<span class="unseen">: {name}</span>
          </button>
        )}
        {kind === "again" && (
          <button type="button" class="quiet" onClick={onLastAgain}>
            Say it again
          </button>
        )}
        {answer.private && (
          <button type="button" class="quiet" onClick={() => onWhisperBack(player)}>
            Whisper back<span class="unseen"> to {name}</span>
          </button>
        )}
      </div>
    </li>
  );
}
