import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { folded } from "../../shared/folded.ts";
import { Marked } from "./marked.tsx";

/** What is told of a line's text. */
export interface Worded {
  text: string;
  shown?: string;
}

/** A line's text as players read it: without tags, and without Markdown's marks. */
export function readText({ text, shown = text }: Worded): string {
  return folded(shown)
    .filter(({ look }) => look !== "mark")
    .map(({ start, end }) => shown.slice(start, end))
    .join("");
}

/** The same, what is emphasised as such; or, where something is looked for, that marked. */
export function LineText({ line, find = "" }: { line: Worded; find?: string }): JSX.Element {
  const { text, shown = text } = line;
  if (find !== "") return <Marked text={readText(line)} find={find} />;
  return (
    <>
      {folded(shown).map(({ start, end, look }) => {
        const part = shown.slice(start, end);
        if (look === "mark") return null;
        return look === "plain" ? part : <span class={look}>{part}</span>;
      })}
    </>
  );
}
