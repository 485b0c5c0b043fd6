import type { Child } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Moon } from "../../shared/icons.tsx";
import { displayNames } from "../../shared/names.ts";
import { type Draft, isNameless } from "../draft.ts";
import type { Proposal } from "../use-console.ts";
import { AsWhom } from "./as-whom.tsx";
import { HowMenu } from "./how-menu.tsx";
import { LineBox } from "./line-box.tsx";
import { useRecall } from "./use-recall.ts";

export interface ComposerProps {
  speakers: readonly string[];
  draft: Draft;
  /** What stands in the box. */
  text: string;
  proposal: Proposal | undefined;
  /** Something is speaking or waiting. */
  isBusy: boolean;
  /** The server answers: otherwise no line is said, lest it is said later, unasked. */
  isLive: boolean;
  boxRef: { current: HTMLTextAreaElement | null };
  /** Hears the line on this computer first. */
  hear: Child;
  onDraft: (draft: Draft) => void;
  onText: (text: string) => void;
  onSay: (text: string, interrupt: boolean) => void;
  onStop: () => void;
  onKey: (key: string) => boolean;
}

function Say({
  to,
  isLive,
  onSay,
}: {
  to: readonly string[];
  isLive: boolean;
  onSay: () => void;
}): JSX.Element {
  const whom = to.length === 1 ? displayNames(to) : `${to.length} players`;
  return (
    <button type="button" class="say" disabled={!isLive} onClick={onSay}>
      {to.length > 0 && <Moon />}
      {to.length > 0 ? (
        <span key="whisper">
          Whisper<span class="long"> to {whom}</span>
        </span>
      ) : (
        <span key="speak">
          Speak<span class="long"> to everyone</span>
        </span>
      )}
    </button>
  );
}

/** Where the next line is written: as whom, how, and what. Moonlit while it is a whisper. */
export function Composer(props: ComposerProps): JSX.Element {
  const { draft, text, isBusy, isLive, boxRef, onDraft } = props;
  const recall = useRecall();
  const isSayable = isLive && text.trim() !== "" && !isNameless(draft);
  const isWhisper = draft.to.length > 0;
  const say = (interrupt = false): void => {
    const { current } = boxRef;
    current?.focus();
    const words = current?.value.trim();
    if (!current || !words || !isSayable) return;
    current.value = "";
    props.onText("");
    recall.remember({ text: words, manner: draft });
    props.onSay(words, interrupt);
  };
  return (
    <section class="composer" aria-label="Next line">
      <div class="as">
        <AsWhom draft={draft} speakers={props.speakers} onChange={onDraft} />
        <HowMenu
          boxRef={boxRef}
          context={draft.context}
          onContext={(context) => onDraft({ ...draft, context })}
          isSilent={draft.isSilent ?? false}
          onSilent={(isSilent) => onDraft({ ...draft, isSilent })}
        />
        <p class="hint" id="hint">
          Enter speaks · Esc stops
        </p>
      </div>
      <LineBox
        placeholder={isWhisper ? `For ${displayNames(draft.to)} alone…` : "What does the table hear?"}
        describedBy="hint"
        proposal={props.proposal}
        recall={recall}
        manner={draft}
        onManner={onDraft}
        onText={props.onText}
        onSay={() => say()}
        onInterrupt={() => say(true)}
        onKey={props.onKey}
        boxRef={boxRef}
      />
      <div class="foot">
        <button type="button" class="stop" disabled={!isBusy} onClick={props.onStop}>
          <span>
            Stop<span class="long"> all</span>
          </span>
        </button>
        {props.hear}
        <button
          type="button"
          class="inter"
          title="Says this now; what is cut off goes on after it (Ctrl+Enter)"
          disabled={!isBusy || !isSayable}
          onClick={() => say(true)}
        >
          Interrupt
        </button>
        <Say to={draft.to} isLive={isLive} onSay={() => say()} />
      </div>
    </section>
  );
}
