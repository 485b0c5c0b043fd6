import { memo, useEffect, useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Spoken } from "../../../client/index.ts";
import { folded, type Piece } from "../../shared/folded.ts";
import { Moon } from "../../shared/icons.tsx";
import type { ReadableCaption } from "./caption.ts";
import { Follower } from "./follower.ts";
import { speakerColour, speakerName } from "./speaker.ts";
import { spokenWord } from "./spoken-word.ts";
import { lightWord, rangeOf } from "./word-light.ts";

interface WordsProps {
  content: string;
  pieces: readonly Piece[];
  from: number;
  to: number;
}

function Who({ caption }: { caption: ReadableCaption }): JSX.Element | null {
  const name = speakerName(caption);
  if (caption.isAnswer) {
    const writer = caption.isAnswer === "own" ? "You" : name;
    return (
      <p class="caption-who">
        {writer}, to {caption.private ? "the game master alone" : "everyone"}
      </p>
    );
  }
  if (caption.private) {
    return (
      <p class="caption-who">
        <Moon />
        <span>{name === undefined ? "Whispered to you" : `${name} whispers to you`}</span>
      </p>
    );
  }
  return name === undefined ? null : <p class="caption-who">{name}</p>;
}

interface CaptionProps {
  caption: ReadableCaption;
  isCurrent: boolean;
}

/** A part of a line's text, without its marks. */
function Words({ pieces, from, to, content }: WordsProps): JSX.Element {
  const within = pieces.filter(({ start, end }) => end > from && start < to);
  return (
    <>
      {within.map(({ start, end, look }) => {
        const text = content.slice(Math.max(start, from), Math.min(end, to));
        return look === "plain" ? text : <span class={look}>{text}</span>;
      })}
    </>
  );
}

/** Words to come keep their place unseen, so that lines do not jump. */
function CaptionItem({ caption, isCurrent }: CaptionProps): JSX.Element {
  const { content, shown, isOver, stoppedAt } = caption;
  const wasStopped = isOver && stoppedAt !== undefined;
  const stop = wasStopped ? stoppedAt : content.length;
  const said = Math.min(shown, stop);
  const text = { content, pieces: folded(content) };
  const kind = caption.isAnswer ? "is-answer" : caption.private && "is-whisper";
  const classes = ["caption", kind, isCurrent && "is-current"];
  return (
    <li
      class={classes.filter(Boolean).join(" ")}
      data-line={caption.id}
      style={{ "--speaker": `var(${speakerColour(caption)})` }}
    >
      <Who caption={caption} />
      <p class="caption-text">
        <Words {...text} from={0} to={said} />
        {shown > stop && (
          <span class="cut-off">
            <Words {...text} from={stop} to={shown} />
          </span>
        )}
        {shown < content.length && !wasStopped && (
          <span class="unsaid">
            <Words {...text} from={shown} to={content.length} />
          </span>
        )}
      </p>
      {wasStopped && <p class="caption-stop">{stop > 0 ? "stopped here" : "not said"}</p>}
    </li>
  );
}

/** A word a quarter of a second moves in one caption only; the others stay as they are. */
const StillCaption = memo<CaptionProps>(CaptionItem);

function Gap({ words }: { words: string }): JSX.Element {
  return <li class="gap">{words}</li>;
}

/** Where lines begin that were missed, and where they end. */
function gapBefore(caption: ReadableCaption, before: ReadableCaption | undefined): string | undefined {
  if (caption.isMissed) return before?.isMissed ? undefined : "While you were away";
  return before?.isMissed ? "Now" : undefined;
}

export interface CaptionsProps {
  captions: readonly ReadableCaption[];
  spoken: Spoken | undefined;
  /** Times the size that the width gives. */
  size: number;
  /** What is said is heard here: nobody has to be told it twice. */
  isHeard: boolean;
}

/** Everything that was said, the newest below; the line being said stands out, and the word in it. */
export function Captions({ captions, spoken, size, isHeard }: CaptionsProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const follower = useRef<Follower>(null);
  const [leftAt, setLeftAt] = useState<string | undefined>(undefined);
  const newest = captions.at(-1)?.id;
  const current = spoken?.line ?? newest;
  const line = captions.find(({ id }) => id === spoken?.line);
  const word = line && spokenWord(line, spoken);
  const latest = useRef(newest);
  latest.current = newest;

  useEffect(() => {
    if (!box.current) return undefined;
    const own = new Follower(box.current, (isFollowing) =>
      setLeftAt(isFollowing ? undefined : (latest.current ?? "")),
    );
    follower.current = own;
    return () => own.close();
  }, []);
  useEffect(() => {
    const item = line && box.current?.querySelector<HTMLElement>(`[data-line="${CSS.escape(line.id)}"]`);
    const range = rangeOf(item?.querySelector<HTMLElement>(".caption-text") ?? null, word);
    lightWord(range);
    follower.current?.follow(item ?? undefined, range);
  }, [line?.id, word?.start, word?.length, line?.content, line?.shown, newest, captions.length, size]);

  return (
    <div class="captions-area">
      <div
        class="captions-box"
        role="log"
        aria-label="Captions"
        aria-live={isHeard ? "off" : "polite"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        ref={box}
      >
        <ol class="captions" style={{ "--size": String(size) }}>
          {captions.flatMap((caption, index) => {
            const { id } = caption;
            const gap = gapBefore(caption, captions[index - 1]);
            const item = <StillCaption key={id} caption={caption} isCurrent={id === current} />;
            return gap ? [<Gap key={`gap ${id}`} words={gap} />, item] : [item];
          })}
        </ol>
      </div>
      {leftAt !== undefined && (leftAt !== newest || line !== undefined) && (
        <button type="button" class="below" onClick={() => follower.current?.home()}>
          {leftAt === newest ? "↓ Go on from now" : "↓ New line below"}
        </button>
      )}
    </div>
  );
}
