/**
 * The game master's console: who is here, what is being said, and the next line.
 * @module
 */
import { useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PartyStatus } from "../core/protocol/api.ts";
import { Api } from "./dm/api.ts";
import { CastProvider, namesOf } from "./dm/cast/cast-names.ts";
import { CastPanel } from "./dm/cast/cast-panel.tsx";
import { useCast } from "./dm/cast/use-cast.ts";
import { Composer } from "./dm/composer/composer.tsx";
import { isNameless, lineOf } from "./dm/draft.ts";
import { Head } from "./dm/head.tsx";
import { Invitations } from "./dm/invitations/invitations.tsx";
import { LinesPanel } from "./dm/lines/lines-panel.tsx";
import { useLines } from "./dm/lines/use-lines.ts";
import { HearFirst } from "./dm/listen/hear-first.tsx";
import { ListenAlong } from "./dm/listen/listen-along.tsx";
import { useChime } from "./dm/listen/use-chime.ts";
import { usePreview } from "./dm/listen/use-preview.ts";
import { LogSection } from "./dm/log/log-section.tsx";
import { inTurn } from "./dm/log/sounding.ts";
import { News } from "./dm/news.tsx";
import { newsOf } from "./dm/news-of.ts";
import { TablePanel } from "./dm/panels/table-panel.tsx";
import { Tabs } from "./dm/panels/tabs.tsx";
import { Seats } from "./dm/seats.tsx";
import type { SoundKeys } from "./dm/sounds/sound-keys.ts";
import { SoundPanel } from "./dm/sounds/sound-panel.tsx";
import { useAttempt } from "./dm/use-attempt.ts";
import { useConsole } from "./dm/use-console.ts";
import { useKeys } from "./dm/use-keys.ts";
import { usePanel } from "./dm/use-panel.ts";
import { useSetting } from "./dm/use-setting.ts";
import { useStatus } from "./dm/use-status.ts";
import { useVoiceOffer } from "./dm/voices/use-voice-offer.ts";
import { mount } from "./shared/mount.ts";
import { type Place, placeOf } from "./shared/place.ts";

/** What is shown of it. */
type Shown = Omit<PartyStatus, "speech" | "settings">;

const NOTHING_YET: Shown = { party: "", players: [], engines: [], queue: [], recent: [], answers: [] };

function DmPage({ api, place }: { api: Api; place: Place }): JSX.Element {
  const chiming = useSetting("bardcast chime", false);
  const watch = useStatus(api, chiming[0]);
  const chime = useChime(chiming, watch.status?.answers);
  const { players, engines, queue, recent, answers } = watch.status ?? NOTHING_YET;
  const cast = useCast(
    api,
    [...queue, ...recent].map(({ speaker }) => speaker),
  );
  const table = useConsole(api, watch.refresh, cast.load);
  const { trouble, attempt } = useAttempt();
  const prepared = useLines(api);
  const preview = usePreview(api);
  const panel = usePanel();
  const offer = useVoiceOffer(api);
  const [inviting, setInviting] = useState(false);
  const [finding, setFinding] = useState(false);
  const [singleKeys, setSingleKeys] = useSetting("bardcast single keys", true);
  const box = useRef<HTMLTextAreaElement>(null);
  const [soundKeys] = useState<SoundKeys>({ onKey: () => false });

  const { sounding } = inTurn(queue);
  const isBusy = queue.length > 0;
  const isLive = watch.status !== undefined && watch.problem === undefined;
  const isSayable = isLive && table.text.trim() !== "" && !isNameless(table.draft);
  const invite = (): void => setInviting(true);
  const sayKey = (key: string): boolean => {
    const cue = /^[1-9]$/u.test(key) ? prepared.lines[Number(key) - 1] : undefined;
    if (cue && isLive) void table.sayLine(cue.line);
    return cue !== undefined || soundKeys.onKey(key);
  };
  const closeFind = (): void => setFinding(false);
  const speakAs = (): void => {
    panel.close();
    box.current?.focus();
  };
  const close = (): boolean => {
    const menu = document.querySelector<HTMLElement>("details.how[open]");
    if (menu) menu.removeAttribute("open");
    else if (preview.state !== "quiet") preview.stop();
    else if (panel.isOpen) panel.close();
    else if (finding) closeFind();
    else return false;
    return true;
  };
  useKeys({ isBusy, singleKeys, onStop: table.stopAll, onClose: close, onKey: sayKey });

  return (
    <CastProvider value={namesOf(cast.characters)}>
      <main
        class={`dm ${sounding.length > 0 ? "is-speaking" : ""} ${table.draft.to.length > 0 ? "is-whisper" : ""}`}
        data-panel={panel.chosen}
        data-open={panel.isOpen}
        data-find={finding}
      >
        <Head watch={watch} onFind={() => setFinding(true)} onInvite={invite}>
          <ListenAlong api={api} place={place} attempt={attempt} />
        </Head>
        {watch.status ? (
          <LogSection
            key="log"
            api={api}
            status={{ queue, recent, answers, players }}
            table={table}
            attempt={attempt}
            offer={offer}
            onInvite={invite}
            onCloseFind={closeFind}
          />
        ) : (
          <section key="no-log" class="log" />
        )}
        <News
          piece={newsOf({
            watch,
            table,
            troubles: [preview.trouble, trouble],
            sounding,
            boxRef: box,
          })}
        />
        <Seats
          players={players}
          sounding={sounding}
          isKnown={isLive}
          chosen={table.draft.to}
          onChange={(to) => table.setDraft({ ...table.draft, to })}
          onInvite={invite}
        />
        <Composer
          speakers={["dm", "combat", ...cast.characters.map(({ id }) => id)]}
          draft={table.draft}
          text={table.text}
          proposal={table.proposal}
          isBusy={isBusy}
          isLive={isLive}
          boxRef={box}
          hear={
            <HearFirst
              preview={preview}
              isSayable={isSayable}
              onHear={() => preview.hear(lineOf(table.draft, table.text))}
            />
          }
          onDraft={table.setDraft}
          onText={table.setText}
          onSay={table.say}
          onStop={table.stopAll}
          onKey={sayKey}
        />
        <Tabs {...panel} />
        <LinesPanel
          prepared={prepared}
          isLive={isLive}
          newLine={() => lineOf(table.draft, table.text)}
          onSay={table.sayLine}
          onClose={panel.close}
        />
        <CastPanel
          api={api}
          cast={cast}
          draft={table.draft}
          choices={table.voices}
          preview={preview}
          onDraft={table.setDraft}
          onSpeakAs={speakAs}
          onClose={panel.close}
        />
        <SoundPanel
          place={place}
          players={players}
          keys={soundKeys}
          isShown={panel.isShown && panel.chosen === "sound"}
          onClose={panel.close}
        />
        <TablePanel
          players={players}
          engines={engines}
          offer={offer}
          sounding={sounding}
          settings={watch.status?.settings}
          onChoose={(settings) =>
            void attempt(async () => {
              await api.choose(settings);
              watch.refresh();
            })
          }
          singleKeys={singleKeys}
          onSingleKeys={setSingleKeys}
          chime={chime}
          place={place}
          onInvite={invite}
          onClose={panel.close}
        />
        {inviting && (
          <Invitations api={api} place={place} players={players} onClose={() => setInviting(false)} />
        )}
      </main>
    </CastProvider>
  );
}

const place = placeOf(window);
mount(<DmPage api={new Api(place)} place={place} />);
