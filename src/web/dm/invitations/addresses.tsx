import { useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { copyFrom } from "../copy.ts";
import { asBase, isOnlyHere } from "./link-base.ts";
import { QrCode } from "./qr-code.tsx";

/** Where the links lead, whether phones can open that, and the console's own for another device. */
export function Addresses(props: {
  base: string;
  consoleLink: string;
  onBase: (base: string) => void;
}): JSX.Element {
  const { base, consoleLink, onBase } = props;
  const address = useRef<HTMLInputElement>(null);
  const link = useRef<HTMLInputElement>(null);
  const [isWrong, setWrong] = useState(false);
  const [isShown, setShown] = useState(false);
  const [copied, setCopied] = useState(false);
  const use = (event: Event): void => {
    event.preventDefault();
    const next = asBase(address.current?.value ?? "");
    setWrong(next === undefined);
    if (next !== undefined) onBase(next);
  };
  return (
    <div class="stack">
      {isOnlyHere(base) ? (
        <p key="here" class="note bad">
          <strong>These links work on this computer only.</strong>
          Let Bardcast listen for the whole network (--host 0.0.0.0), or write the address below by which
          phones reach it.
        </p>
      ) : (
        <p key="there" class="note">
          Phones reach this table at <b>{base}</b>
        </p>
      )}
      <details class="more">
        <summary>Use another address</summary>
        <form id="address" class="row wrap" noValidate onSubmit={use}>
          <label class="field grow">
            Address that the links begin with
            <input
              ref={address}
              autoComplete="off"
              placeholder={base}
              aria-invalid={isWrong ? "true" : "false"}
              aria-describedby="address-error"
            />
          </label>
          <button type="submit">Use it</button>
        </form>
        <p class="error" id="address-error" role="alert">
          {isWrong && "This is no address. Write it as http://192.168.1.20:8080."}
        </p>
      </details>
      <details class="more" onToggle={(event: Event) => setShown((event.target as HTMLDetailsElement).open)}>
        <summary>This console on another device</summary>
        {isShown && (
          <div key="console" class="card console-card">
            <p class="small">Whoever has this code is the game master. Show it to nobody.</p>
            <QrCode text={consoleLink} label="Code with the console’s link" />
            <input
              ref={link}
              class="card-link"
              readOnly
              tabIndex={-1}
              aria-hidden="true"
              value={consoleLink}
            />
            <button
              type="button"
              onClick={async () => link.current && setCopied(await copyFrom(link.current))}
            >
              {copied ? "Copied" : "Copy the console’s link"}
            </button>
          </div>
        )}
      </details>
    </div>
  );
}
