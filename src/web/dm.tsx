/**
 * The game master's console: who is here, what is being said, and the next line.
 * @module
 */
import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Api } from "./dm/api.ts";
import type { PlayerStatus } from "./dm/api-types.ts";
import { Composer } from "./dm/composer.tsx";
import { Invitations } from "./dm/invitations.tsx";
import { TableSide } from "./dm/table-side.tsx";
import { TableTalk } from "./dm/table-talk.tsx";
import { useConsole } from "./dm/use-console.ts";
import { useStatus } from "./dm/use-status.ts";
import { Flame } from "./shared/icons.tsx";
import { mount } from "./shared/mount.ts";
import { placeOf } from "./shared/place.ts";

function presence(players: readonly PlayerStatus[]): string {
  const here = players.filter(({ connections }) => connections > 0).length;
  if (players.length === 0) return "No players yet";
  return here === 0 ? "Nobody is here yet" : `${here} of ${players.length} here`;
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

function DmPage({ api }: { api: Api }): JSX.Element {
  const { status, problem, refresh } = useStatus(api);
  const table = useConsole(api, refresh);
  const [inviting, setInviting] = useState(false);
  const { players = [], engines = [], queue = [], recent = [] } = status ?? {};
  const nobody = players.every(({ connections }) => connections === 0);
  return (
    <main class="dm">
      <header class="dm-head">
        <Flame lit={status !== undefined && problem === undefined} />
        <h1>Bardcast</h1>
        <p class="standing" role="status">
          {problem === undefined ? status && presence(players) : "Out of touch"}
        </p>
        <button type="button" onClick={() => setInviting(true)}>
          Invite players
        </button>
      </header>
      <div class="stage">
        {status && queue.length + recent.length === 0 ? (
          <Hush key="hush" nobody={nobody} onInvite={() => setInviting(true)} />
        ) : (
          <TableTalk
            key="talk"
            recent={recent}
            queue={queue}
            onCancel={(utterance) => table.cancel([{ utterance }])}
            onAgain={table.sayAgain}
          />
        )}
        <Composer
          key="composer"
          players={players}
          voices={table.voices}
          draft={table.draft}
          proposal={table.proposal}
          busy={queue.length > 0}
          trouble={problem ?? table.trouble}
          onDraft={table.setDraft}
          onSay={table.say}
          onStop={() => table.cancel(queue)}
        />
      </div>
      <TableSide players={players} engines={engines} />
      {inviting && <Invitations api={api} players={players} onClose={() => setInviting(false)} />}
    </main>
  );
}

mount(<DmPage api={new Api(placeOf(location))} />);
