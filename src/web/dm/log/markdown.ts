import type { RecentUtterance } from "../../../core/protocol/api.ts";
import { folded } from "../../shared/folded.ts";
import { displayName, displayNames } from "../../shared/names.ts";
import { outcomeOf } from "./outcome.ts";

/** What Markdown would take for marks of its own. */
const MARKS = /[\\`*_[\]<>#]/gu;

/** What was said, to be read: oldest first. */
export function markdownOf(title: string, lines: readonly RecentUtterance[]): string {
  const parts = lines.map((line) => {
    const to = line.to === "all" ? "" : ` *(whispers to ${escaped(displayNames(line.to))})*`;
    const text = emphasised(line.shown ?? line.text).replace(/\n+/gu, "  \n");
    return `**${escaped(displayName(line.speaker))}**${to}  \n${text}  \n<small>${escaped(outcomeOf(line).words)}</small>`;
  });
  return `# ${escaped(title)}\n\n${parts.join("\n\n")}\n`;
}

/** As it is read, what is emphasised as Markdown has it. */
function emphasised(text: string): string {
  const marks = { plain: "", em: "*", strong: "**" };
  return folded(text)
    .map(({ start, end, look }) => {
      if (look === "mark") return "";
      const part = escaped(text.slice(start, end));
      return `${marks[look]}${part}${marks[look]}`;
    })
    .join("");
}

function escaped(text: string): string {
  return text.replace(MARKS, "\\$&");
}
