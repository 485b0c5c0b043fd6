import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PreparedLine } from "../../../core/protocol/prepared-line.ts";
import type { SpeakRequest } from "../../../core/protocol/speak-request.ts";
import { Panel } from "../panels/panel.tsx";
import { Cue } from "./cue.tsx";
import { CueForm } from "./cue-form.tsx";
import { moved, movedBefore } from "./order.ts";
import type { Lines } from "./use-lines.ts";

/** Lines with keys. */
const KEYS = 9;

/** Lines that were written before they are said. */
export function LinesPanel(props: {
  prepared: Lines;
  isLive: boolean;
  /** What the composer has: what a new line begins with. */
  newLine: () => SpeakRequest;
  onSay: (line: SpeakRequest) => void;
  onClose: () => void;
}): JSX.Element {
  const { prepared, isLive } = props;
  const { lines, readiness, trouble, change } = prepared;
  const [open, setOpen] = useState<PreparedLine>();
  const groups = [...new Set(lines.map(({ group }) => group))];
  const isKept = (id: string): boolean => lines.some((line) => line.id === id);
  const begin = (): void =>
    setOpen({ id: newId(), group: open?.group ?? groups.at(-1) ?? "", line: props.newLine() });
  const keep = (cue: PreparedLine): void => {
    change(isKept(cue.id) ? lines.map((line) => (line.id === cue.id ? cue : line)) : [...lines, cue]);
    setOpen(undefined);
  };
  const remove = (id: string): void => {
    change(lines.filter((line) => line.id !== id));
    setOpen(undefined);
  };
  const move = (id: string, by: 1 | -1): void => {
    change(moved(lines, id, by));
    // It was put elsewhere in the page, and lost the focus by that.
    requestAnimationFrame(() => document.getElementById(`grip-${id}`)?.focus());
  };
  const actions = (
    <button type="button" class="quiet" onClick={begin}>
      Add a line
    </button>
  );
  return (
    <Panel name="lines" title="Prepared lines" actions={actions} onClose={props.onClose}>
      {trouble && (
        <p key="trouble" class="note bad">
          {trouble}
        </p>
      )}
      {open && (
        <CueForm
          key={`form ${open.id}`}
          cue={open}
          groups={groups}
          isKept={isKept(open.id)}
          onKeep={keep}
          onRemove={() => remove(open.id)}
          onClose={() => setOpen(undefined)}
        />
      )}
      {lines.length === 0 ? (
        <p key="none" class="note">
          <strong>Nothing is prepared yet.</strong>
          Write a line now, say it later with one key. It is kept in your campaign.
        </p>
      ) : (
        <p key="keys" class="small">
          <kbd>1</kbd> to <kbd>9</kbd> says one; while you write, <kbd>/</kbd> first.
        </p>
      )}
      {groups.map((group) => (
        <div key={`group ${group}`}>
          {group !== "" && <h3>{group}</h3>}
          <ol class="items">
            {lines.map((cue, index) =>
              cue.group === group ? (
                <Cue
                  key={cue.id}
                  cue={cue}
                  hotkey={index < KEYS ? index + 1 : undefined}
                  readiness={readiness.get(cue.id)}
                  isLive={isLive}
                  onSay={() => props.onSay(cue.line)}
                  onEdit={() => setOpen(cue)}
                  onMove={(by) => move(cue.id, by)}
                  onDrop={(id) => change(movedBefore(lines, id, cue.id))}
                />
              ) : null,
            )}
          </ol>
        </div>
      ))}
      {lines.length > 0 && (
        <div key="ready" class="row wrap">
          <button type="button" onClick={prepared.makeAllReady}>
            Make all ready
          </button>
          <span class="small">Ready lines start at once.</span>
        </div>
      )}
    </Panel>
  );
}

/** `crypto.randomUUID` is for secure contexts only. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
