import { useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Invite } from "../../../core/protocol/api.ts";
import { displayName } from "../../shared/names.ts";
import { copyFrom } from "../copy.ts";
import { QrCode } from "./qr-code.tsx";

/** A button for what cannot be taken back: the first press asks, the second does. */
function Twice(props: { words: string; question: string; onSure: () => void }): JSX.Element {
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
    </button>
  );
}

/** One player's way in: a code to scan, a link to send. */
export function Invitation(props: {
  invite: Invite;
  here: boolean;
  onRefresh: () => void;
  onRemove: () => void;
}): JSX.Element {
  const { invite, here, onRefresh, onRemove } = props;
  const link = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const name = displayName(invite.id);
  const copy = async (): Promise<void> => {
    if (link.current) setCopied(await copyFrom(link.current));
  };
  return (
    <li class="invitation">
      <h3>{name}</h3>
      <p class="invitation-state">{here ? "At the table" : "Scan to join"}</p>
      <QrCode text={invite.url} label={`Code with ${name}'s link`} />
      <div class="invitation-link">
        <input ref={link} type="text" readOnly value={invite.url} aria-label={`${name}'s link`} />
        <button type="button" class="quiet" onClick={copy}>
          {copied ? "Copied" : "Copy link"}
        </button>
      </div>
      <div class="invitation-foot">
        <Twice words="New link" question="Old link dies. Sure?" onSure={onRefresh} />
        <Twice words="Remove" question={`Remove ${name}?`} onSure={onRemove} />
      </div>
    </li>
  );
}
