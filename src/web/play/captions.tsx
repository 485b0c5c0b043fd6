import { memo, useEffect, useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Line, Spoken } from "../../client/index.ts";
import { Moon } from "../shared/icons.tsx";
import { displayName } from "../shared/names.ts";
import { Scroller } from "../shared/scroller.tsx";
import { spokenWord } from "./spoken-word.ts";
import { lightWord } from "./word-light.ts";

interface CaptionProps {
  line: Line;
  current: boolean;
  /** In the current line only. */
  spoken: Spoken | undefined;
}

function Caption({ line, current, spoken }: CaptionProps): JSX.Element {
  const text = useRef<HTMLParagraphElement>(null);
  const word = spokenWord(line, spoken);
  useEffect(() => {
    if (current) lightWord(text.current, word);
  }, [current, word?.start, word?.length, line.content]);
  const classes = ["caption", line.private && "is-whisper", current && "is-current"];
  return (
    <li class={classes.filter(Boolean).join(" ")}>
      {line.private && (
        <p class="caption-badge">
          <Moon />
          <span>{line.from === undefined ? "Whispered" : `${displayName(line.from)} whispers`} to you</span>
        </p>
      )}
      <p class="caption-text" ref={text}>
        {line.content}
      </p>
    </li>
  );
}

/** A word a quarter of a second moves in one caption only; the others stay as they are. */
const StillCaption = memo<CaptionProps>(Caption);

/** Everything that was said, the newest below; the line being said stands out, and the word in it. */
export function Captions({
  lines,
  spoken,
}: {
  lines: readonly Line[];
  spoken: Spoken | undefined;
}): JSX.Element {
  const current = spoken?.line ?? lines.at(-1)?.id;
  return (
    <Scroller label="Captions">
      <ol class="captions">
        {lines.map((line) => (
          <StillCaption
            key={line.id}
            line={line}
            current={line.id === current}
            spoken={line.id === current ? spoken : undefined}
          />
        ))}
      </ol>
    </Scroller>
  );
}
