/**
 * The game master's console: who is here, what is being said, and the next line.
 * @module
 */
import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PartyStatus, PlayerStatus } from "../core/protocol/api.ts";
import { Api } from "./dm/api.ts";
import { Composer } from "./dm/composer.tsx";
import { Invitations } from "./dm/invitations/invitations.tsx";
import { TableSide } from "./dm/table-side.tsx";
import { TableTalk } from "./dm/table-talk.tsx";
import { type Console, useConsole } from "./dm/use-console.ts";
import { type StatusWatch, useStatus } from "./dm/use-status.ts";
import { useVoiceOffer } from "./dm/voices/use-voice-offer.ts";
import { VoiceOfferStrip } from "./dm/voices/voice-offer.tsx";
import { Flame } from "./shared/icons.tsx";
import { mount } from "./shared/mount.ts";
import { placeOf } from "./shared/place.ts";

/** What is shown of it. */
type Shown = Omit<PartyStatus, "speech" | "settings">;

const NOTHING_YET: Shown = { party: "", players: [], engines: [], queue: [], recent: [] };

function presence(players: readonly PlayerStatus[]): string {
  const here = players.filter(({ connections }) => connections > 0).length;
  return players.length === 0 ? "No players yet" : `${here} of ${players.length} here`;
}

function Hush({ nobody, onInvite }: { nobody: boolean; onInvite: () => void }): JSX.Element {
  return (
    <div class="hush">
      <p class="hush-title">The table is quiet.</p>
      <p>
        {nobody
          ? "Nobody is here yet. Show your players their codes."
          : "Write what they hear, and press Enter."}
      </p>
      {nobody && (
        <button type="button" onClick={onInvite}>
          Invite players
        </button>
      )}
    </div>
  );
}

function Head({ watch, onInvite }: { watch: StatusWatch; onInvite: () => void }): JSX.Element {
  const { status, problem } = watch;
  return (
    <header class="dm-head">
      <Flame lit={status !== undefined && problem === undefined} />
      <h1>Bardcast</h1>
      <p class="standing" role="status">
        {problem === undefined ? status && presence(status.players) : "Out of touch"}
      </p>
      <button type="button" onClick={onInvite}>
        Invite
      </button>
    </header>
  );
}

function Talk(props: { status: Shown; table: Console; onInvite: () => void }): JSX.Element {
  const { status, table, onInvite } = props;
  const { players, queue, recent } = status;
  if (queue.length + recent.length === 0) {
    return <Hush nobody={players.every(({ connections }) => connections === 0)} onInvite={onInvite} />;
  }
  return (
    <TableTalk
      recent={recent}
      queue={queue}
      onCancel={(utterance) => table.cancel([{ utterance }])}
      onAgain={table.sayAgain}
    />
  );
}

function DmPage({ api }: { api: Api }): JSX.Element {
  const watch = useStatus(api);
  const table = useConsole(api, watch.refresh);
  const offer = useVoiceOffer(api);
  const [inviting, setInviting] = useState(false);
  const invite = (): void => setInviting(true);
  const status = watch.status ?? NOTHING_YET;
  return (
    <main class="dm">
      <Head watch={watch} onInvite={invite} />
      <div class="stage">
        <VoiceOfferStrip offer={offer} />
        {watch.status ? <Talk status={status} table={table} onInvite={invite} /> : <div class="hush" />}
        <Composer
          players={status.players}
          voices={table.voices}
          draft={table.draft}
          proposal={table.proposal}
          busy={status.queue.length > 0}
          trouble={watch.problem ?? table.trouble}
          onDraft={table.setDraft}
          onText={table.setText}
          onSay={table.say}
          onStop={() => table.cancel(status.queue)}
        />
      </div>
      <TableSide players={status.players} engines={status.engines} onMoreVoices={offer.more} />
      {inviting && <Invitations api={api} players={status.players} onClose={() => setInviting(false)} />}
    </main>
  );
}

mount(<DmPage api={new Api(placeOf(window))} />);
