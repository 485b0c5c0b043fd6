import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PreparedLine } from "../../../core/protocol/prepared-line.ts";
import { displayNames } from "../../shared/names.ts";
import { useCastNames } from "../cast/cast-names.ts";
import { draggable, Grip } from "./grip.tsx";
import type { Readiness } from "./use-lines.ts";

/** Tags, which are not for reading. */
const TAGS = /\[\/?(?:pause|whisper|voice|effect)\b[^[\]]*\]/giu;

const MOODS: Readonly<Record<Readiness["state"], string>> = {
  making: "",
  ready: "good",
  partly: "",
  failed: "trouble",
};

/** One prepared line: moved by its handle, changed by its words, said by its button. */
export function Cue(props: {
  cue: PreparedLine;
  /** Its key; undefined: it has none. */
  hotkey: number | undefined;
  readiness: Readiness | undefined;
  isLive: boolean;
  onSay: () => void;
  onEdit: () => void;
  onMove: (by: 1 | -1) => void;
  /** Another one was dropped on it. */
  onDrop: (id: string) => void;
}): JSX.Element {
  const { cue, hotkey, readiness, onMove } = props;
  const { nameOf, colourOf } = useCastNames();
  const { text, to, speaker = "dm", npc } = cue.line;
  const who = npc?.name ?? speaker;
  const words = text.replace(TAGS, "").trim();
  return (
    <li class="cue" style={colourOf(who)} {...draggable(cue.id, props.onDrop)}>
      <Grip id={cue.id} words={words} onMove={onMove} />
      {hotkey === undefined ? <span class="no-key" /> : <kbd>{hotkey}</kbd>}
      <button type="button" class="name grow" onClick={props.onEdit}>
        <span class="cue-text">{words}</span>
        <span class="meta">
          <b>{nameOf(who)}</b>
          {to !== "all" && <span class="moonword">to {displayNames(to)}</span>}
          {readiness && <span class={MOODS[readiness.state]}>{readiness.words}</span>}
          <span class="unseen">change it</span>
        </span>
      </button>
      <button type="button" disabled={!props.isLive} onClick={props.onSay}>
        Say<span class="unseen">: {words}</span>
      </button>
    </li>
  );
}
