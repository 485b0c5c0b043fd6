import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PartyStatus, RecentUtterance } from "../../../core/protocol/api.ts";
import type { Api } from "../api.ts";
import { Hush } from "../hush.tsx";
import { fileName, saveFile } from "../save-file.ts";
import type { Console } from "../use-console.ts";
import { useSetting } from "../use-setting.ts";
import type { VoiceOffer } from "../voices/use-voice-offer.ts";
import type { ExportWish } from "./export.tsx";
import { readText } from "./line-text.tsx";
import { LogBar } from "./log-bar.tsx";
import { markdownOf } from "./markdown.ts";
import { soundFile } from "./sound-file.ts";
import { TableTalk } from "./table-talk.tsx";
import { useLog } from "./use-log.ts";
import { useTold } from "./use-told.ts";

function has(line: RecentUtterance, find: string): boolean {
  return readText(line).toLowerCase().includes(find.toLowerCase());
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
  // As the log was saved last.
  const [asWav, setAsWav] = useSetting("bardcast sound as wav", false);
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
    const day = new Date().toLocaleDateString("en-CA");
    if (as !== "text") {
      setAsWav(as === "wav");
      return saveSound(`bardcast ${day}`, { as, whispers: withWhispers });
    }
    const all = (await loadAll()).filter(({ to }) => withWhispers || to === "all");
    saveFile(fileName(`bardcast ${day}`, "md"), [markdownOf(`Bardcast, ${day}`, all)], "text/markdown");
    return all.length;
  };
  const saveSound = async (name: string, wanted: Parameters<Api["logSound"]>[0]): Promise<number> => {
    const { lines, sound } = await api.logSound(wanted);
    const { ending, type, parts } = soundFile(sound, wanted.as);
    saveFile(fileName(name, ending), parts, type);
    return lines;
  };
  const saveLine = (line: RecentUtterance): void => {
    const wanted = { as: asWav ? "wav" : "opus", whispers: true, line: line.utterance } as const;
    void attempt(() => saveSound(readText(line), wanted));
  };
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
        onSaveSound={wanted === "" ? undefined : saveLine}
      />
    </section>
  );
}
