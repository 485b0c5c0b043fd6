import type { Child } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";

/** A text, with what was looked for marked wherever it stands. */
export function Marked({ text, find }: { text: string; find: string }): JSX.Element {
  if (find === "") return <>{text}</>;
  const parts: Child[] = [];
  const [hay, needle] = [text.toLowerCase(), find.toLowerCase()];
  let from = 0;
  // Where letters change their number with their case, places would be off: nothing is marked then.
  for (
    let at = hay.length === text.length ? hay.indexOf(needle) : -1;
    at >= 0;
    at = hay.indexOf(needle, from)
  ) {
    parts.push(text.slice(from, at));
    from = at + needle.length;
    parts.push(<mark>{text.slice(at, from)}</mark>);
  }
  return (
    <>
      {parts}
      {text.slice(from)}
    </>
  );
}
