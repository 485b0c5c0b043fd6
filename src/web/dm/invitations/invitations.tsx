import { useCallback, useEffect, useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Invite, PlayerStatus } from "../../../core/protocol/api.ts";
import type { Api } from "../api.ts";
import { type Attempts, useAttempt } from "../use-attempt.ts";
import { Invitation } from "./invitation.tsx";

const ONLY_HERE = /^(?:localhost|127\.|\[::1\])/u;

function AddPlayer({ onAdd }: { onAdd: (name: string) => Promise<boolean> }): JSX.Element {
  const name = useRef<HTMLInputElement>(null);
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { current } = name;
    if (current && current.value.trim() !== "" && (await onAdd(current.value.trim()))) current.value = "";
    current?.focus();
  };
  return (
    <form class="add-player" onSubmit={add}>
      <label class="field">
        <span>One more player</span>
        <input ref={name} type="text" maxLength={64} placeholder="Name" autoComplete="off" />
      </label>
      <button type="submit">Invite</button>
    </form>
  );
}

/** Invitations as the server has them, and what may be done with them. */
function useInvites(api: Api): Attempts & { invites: readonly Invite[] } {
  const [invites, setInvites] = useState<readonly Invite[]>([]);
  const { trouble, attempt } = useAttempt();
  const change = useCallback(
    (action: () => Promise<unknown>): Promise<boolean> =>
      attempt(async () => {
        await action();
        setInvites(await api.invites());
      }),
    [api, attempt],
  );
  useEffect(() => void change(() => Promise.resolve()), [change]);
  return { invites, trouble, attempt: change };
}

function Head({ trouble, first }: { trouble: string | undefined; first: Invite | undefined }): JSX.Element {
  return (
    <header>
      <h2 id="invitations-title">Invitations</h2>
      <form method="dialog">
        <button type="submit" class="quiet">
          Done
        </button>
      </form>
      <p>Each player scans their own code. Whoever has the link is that player, so pass it on with care.</p>
      <p class="trouble" role="alert">
        {trouble}
      </p>
      {first && ONLY_HERE.test(new URL(first.url).host) && (
        <p class="trouble">
          These links work on this computer only. Open this console by the computer's network address to
          invite phones.
        </p>
      )}
    </header>
  );
}

/** The panel with everybody's code: hold the screen up, or send the links. */
export function Invitations(props: {
  api: Api;
  players: readonly PlayerStatus[];
  onClose: () => void;
}): JSX.Element {
  const { api, players, onClose } = props;
  const { invites, trouble, attempt } = useInvites(api);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const isHere = (id: string): boolean =>
    players.some((player) => player.id === id && player.connections > 0);
  return (
    <dialog ref={dialog} class="invitations" aria-labelledby="invitations-title" onClose={onClose}>
      <Head trouble={trouble} first={invites[0]} />
      <ul class="invitation-cards">
        {invites.map((invite) => (
          <Invitation
            key={`${invite.id} ${invite.token}`}
            invite={invite}
            here={isHere(invite.id)}
            onRefresh={() => attempt(() => api.refreshInvite(invite.id))}
            onRemove={() => attempt(() => api.removePlayer(invite.id))}
          />
        ))}
      </ul>
      <AddPlayer onAdd={(name) => attempt(() => api.addPlayer(name))} />
    </dialog>
  );
}
