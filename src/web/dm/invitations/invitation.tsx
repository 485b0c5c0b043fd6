import { useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { displayName } from "../../shared/names.ts";
import { copyFrom } from "../copy.ts";
import { savePicture } from "./code-picture.ts";
import { QrCode } from "./qr-code.tsx";

/** A button for what cannot be taken back: the first press asks, the second does. */
function Twice(props: { words: string; whose: string; question: string; onSure: () => void }): JSX.Element {
  const [asked, setAsked] = useState(false);
  const press = (): void => {
    setAsked(!asked);
    if (asked) props.onSure();
  };
  return (
    <button
      type="button"
      class={`quiet ${asked ? "is-asking" : ""}`}
      onClick={press}
      onBlur={() => setAsked(false)}
    >
      {asked ? props.question : props.words}
      <span class="unseen">{props.whose}</span>
    </button>
  );
}

/** One player's way in: a code to scan, a link to send. */
export function Invitation(props: {
  id: string;
  link: string;
  here: boolean;
  onRefresh: () => void;
  onRemove: () => void;
}): JSX.Element {
  const { id, link, here, onRefresh, onRemove } = props;
  const box = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const name = displayName(id);
  const copy = async (): Promise<void> => {
    if (box.current) setCopied(await copyFrom(box.current));
  };
  return (
    <li class="card">
      <h3>{name}</h3>
      <p class="small">{here ? "At the table" : "Scan to join"}</p>
      <QrCode text={link} label={`Code with ${name}’s link`} />
      <input ref={box} class="card-link" readOnly tabIndex={-1} aria-hidden="true" value={link} />
      <button type="button" onClick={copy}>
        {copied ? "Copied" : `Copy ${name}’s link`}
      </button>
      <button type="button" class="quiet" onClick={() => savePicture(name, link)}>
        Save as a picture<span class="unseen">: {name}</span>
      </button>
      <div class="two">
        <Twice words="New link" whose={` for ${name}`} question="Old link dies. Sure?" onSure={onRefresh} />
        <Twice words="Remove" whose={` ${name}`} question="Remove. Sure?" onSure={onRemove} />
      </div>
    </li>
  );
}
