import { useCallback, useEffect, useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { InviteList, PlayerStatus } from "../../../core/protocol/api.ts";
import type { Place } from "../../shared/place.ts";
import type { Api } from "../api.ts";
import { type Attempts, useAttempt } from "../use-attempt.ts";
import { AddPlayer } from "./add-player.tsx";
import { Addresses } from "./addresses.tsx";
import { Invitation } from "./invitation.tsx";
import { baseOf, withBase } from "./link-base.ts";

const NOBODY: InviteList = { players: [], console: "" };

/** Invitations as the server has them, and what may be done with them. */
function useInvites(api: Api): Attempts & { invites: InviteList } {
  const [invites, setInvites] = useState<InviteList>(NOBODY);
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

/** The panel with everybody's code: hold the screen up, send the links, or print them. */
export function Invitations(props: {
  api: Api;
  place: Place;
  players: readonly PlayerStatus[];
  onClose: () => void;
}): JSX.Element {
  const { api, place, players, onClose } = props;
  const { invites, trouble, attempt } = useInvites(api);
  const [chosen, setChosen] = useState<string>();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const isHere = (id: string): boolean =>
    players.some((player) => player.id === id && player.connections > 0);
  // A short link is an address, `j` and a code.
  const own = invites.console === "" ? baseOf(place.base.href) : baseOf(baseOf(invites.console));
  const base = chosen ?? own;
  return (
    <dialog ref={dialog} class="invitations" aria-labelledby="invite-title" onClose={onClose}>
      <header class="dialog-head">
        <h2 id="invite-title">Invitations</h2>
        <button type="button" class="main" onClick={() => dialog.current?.close()}>
          Done
        </button>
      </header>
      <div class="dialog-body">
        <div class="row wrap">
          <p class="small invite-words">
            Each player scans their own code. Whoever has the link is that player, so show it to them alone.
          </p>
          <button type="button" onClick={() => print()}>
            Print all codes
          </button>
        </div>
        <AddPlayer
          players={invites.players.map(({ id }) => id)}
          trouble={trouble}
          onAdd={(name) => attempt(() => api.addPlayer(name))}
        />
        <ul class="cards">
          {invites.players.map(({ id, short }) => (
            <Invitation
              key={`${id} ${short} ${base}`}
              id={id}
              link={withBase(short, own, base)}
              here={isHere(id)}
              onRefresh={() => attempt(() => api.refreshInvite(id))}
              onRemove={() => attempt(() => api.removePlayer(id))}
            />
          ))}
        </ul>
        <Addresses base={base} consoleLink={withBase(invites.console, own, base)} onBase={setChosen} />
      </div>
    </dialog>
  );
}
