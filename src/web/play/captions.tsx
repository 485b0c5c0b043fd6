import { useLayoutEffect, useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Line } from "../../client/index.ts";
import { Moon } from "../shared/icons.tsx";
import { displayName } from "../shared/names.ts";

/** Nearer to the end than this, a reader is following and not reading back. */
const FOLLOWING_PX = 120;

function Caption({ line, current }: { line: Line; current: boolean }): JSX.Element {
  const classes = ["caption", line.private && "is-whisper", current && "is-current"];
  return (
    <li class={classes.filter(Boolean).join(" ")}>
      {line.private && (
        <p class="caption-badge">
          <Moon />
          <span>
            Only you hear this
            {line.from !== undefined && ` · ${displayName(line.from)}`}
          </span>
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
  const list = useRef<HTMLOListElement>(null);
  const following = useRef(true);
  const current = heard ?? lines.at(-1)?.id;
  const last = lines.at(-1)?.id;
  useLayoutEffect(() => {
    if (last !== undefined && following.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [last]);
  const noteReading = (): void => {
    const { current: element } = list;
    if (!element) return;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < FOLLOWING_PX;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <ol class="captions" ref={list} role="log" aria-label="Captions" tabIndex={0} onScroll={noteReading}>
      {lines.map((line) => (
        <Caption key={line.id} line={line} current={line.id === current} />
      ))}
    </ol>
  );
}
