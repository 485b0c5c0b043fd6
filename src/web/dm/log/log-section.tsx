import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PartyStatus, RecentUtterance } from "../../../core/protocol/api.ts";
import type { Api } from "../api.ts";
import { anew } from "../draft.ts";
import { Hush } from "../hush.tsx";
import { fileName, saveFile } from "../save-file.ts";
import type { Console } from "../use-console.ts";
import type { VoiceOffer } from "../voices/use-voice-offer.ts";
import type { ExportWish } from "./export.tsx";
import { joinedWav } from "./joined-wav.ts";
import { LogBar } from "./log-bar.tsx";
import { markdownOf } from "./markdown.ts";
import { TableTalk } from "./table-talk.tsx";
import { useLog } from "./use-log.ts";
import { useTold } from "./use-told.ts";

function has(line: RecentUtterance, find: string): boolean {
  return line.text.toLowerCase().includes(find.toLowerCase());
}

/** What was said at the table, to be read, searched and saved. */
export function LogSection(props: {
  api: Api;
  status: Pick<PartyStatus, "queue" | "recent" | "answers" | "players">;
  table: Console;
  attempt: (action: () => Promise<unknown>) => Promise<boolean>;
  offer: VoiceOffer;
  onInvite: () => void;
  onCloseFind: () => void;
}): JSX.Element {
  const { api, status, table, attempt } = props;
  const [find, setFind] = useState("");
  const { said, hasMore, loadEarlier, loadAll } = useLog(api, status.recent);
  const wanted = find.trim();
  const coming = new Set(status.queue.map(({ utterance }) => utterance));
  const gone = said.filter((line) => !coming.has(line.utterance));
  const told = useTold(status.answers, gone.at(-1)?.utterance);
  const shown = wanted === "" ? gone : gone.filter((line) => has(line, wanted));

  const seek = (next: string): void => {
    setFind(next);
    if (next.trim() !== "" && hasMore) void attempt(loadAll);
  };
  const save = async ({ as, withWhispers }: ExportWish): Promise<number> => {
    const all = (await loadAll()).filter(({ to }) => withWhispers || to === "all");
    const day = new Date().toLocaleDateString("en-CA");
    if (as === "text") {
      saveFile(fileName(`bardcast ${day}`, "md"), [markdownOf(`Bardcast, ${day}`, all)], "text/markdown");
      return all.length;
    }
    const files: ArrayBuffer[] = [];
    for (const line of all) {
      // A line that was only shown has no sound.
      if (line.report.durationMs > 0) files.push(await api.preview(anew(line)));
    }
    saveFile(fileName(`bardcast ${day}`, "wav"), joinedWav(files), "audio/wav");
    return files.length;
  };
  const saveSound = (line: RecentUtterance): void =>
    void attempt(async () => {
      saveFile(fileName(line.text, "wav"), [await api.preview(anew(line))], "audio/wav");
    });
  const lastAgain = (): void => {
    const last = gone.at(-1);
    if (last) void table.sayAgain(last);
  };
  if (status.queue.length + said.length + status.answers.length === 0) {
    return (
      <section class="log" aria-label="Table talk">
        <div class="scroller">
          <Hush offer={props.offer} onInvite={props.onInvite} />
        </div>
      </section>
    );
  }
  return (
    <section class="log" aria-label="Table talk">
      <LogBar
        find={find}
        found={wanted === "" ? undefined : shown.length}
        onFind={seek}
        onExport={save}
        onClose={() => {
          setFind("");
          props.onCloseFind();
        }}
      />
      <TableTalk
        said={shown}
        queue={wanted === "" ? status.queue : []}
        find={wanted}
        told={wanted === "" ? told : new Map()}
        hands={status.players.filter(({ hand }) => hand).map(({ id }) => id)}
        onWhisperBack={(player) => table.setDraft({ ...table.draft, to: [player] })}
        onHandDown={(player) => void attempt(() => api.lowerHand(player))}
        onLastAgain={lastAgain}
        onEarlier={hasMore && wanted === "" ? () => void attempt(loadEarlier) : undefined}
        onCancel={table.cancel}
        onSayNow={table.sayNow}
        onMove={table.move}
        onAgain={table.sayAgain}
        onSaveSound={wanted === "" ? undefined : saveSound}
      />
    </section>
  );
}
