import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Line } from "../../client/index.ts";
import { Moon } from "../shared/icons.tsx";
import { displayName } from "../shared/names.ts";
import { Scroller } from "../shared/scroller.tsx";

function Caption({ line, current }: { line: Line; current: boolean }): JSX.Element {
  const classes = ["caption", line.private && "is-whisper", current && "is-current"];
  return (
    <li class={classes.filter(Boolean).join(" ")}>
      {line.private && (
        <p class="caption-badge">
          <Moon />
          <span>{line.from === undefined ? "Whispered" : `${displayName(line.from)} whispers`} to you</span>
        </p>
      )}
      <p class="caption-text">{line.content}</p>
    </li>
  );
}

/** Everything that was said, the newest below; the line being heard stands out. */
export function Captions({
  lines,
  heard,
}: {
  lines: readonly Line[];
  heard: string | undefined;
}): JSX.Element {
  const current = heard ?? lines.at(-1)?.id;
  return (
    <Scroller label="Captions">
      <ol class="captions">
        {lines.map((line) => (
          <Caption key={line.id} line={line} current={line.id === current} />
        ))}
      </ol>
    </Scroller>
  );
}
