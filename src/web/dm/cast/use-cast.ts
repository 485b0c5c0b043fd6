import { useCallback, useEffect, useRef, useState } from "hono/jsx/dom";
import type { CharacterInfo, CharacterList } from "../../../core/protocol/api.ts";
import type { Api } from "../api.ts";
import { useAttempt } from "../use-attempt.ts";
import type { Sheet } from "./sheet-fields.ts";

/** ms without a change after which a sheet is kept. */
const QUIET_MS = 600;

export interface CastBook extends CharacterList {
  trouble: string | undefined;
  load: () => Promise<void>;
  /** Keeps a sheet soon: while somebody types, only the last one counts. */
  keep: (id: string, sheet: Sheet) => void;
  undo: () => Promise<void>;
  remove: (id: string) => Promise<void>;
}

const NOBODY: CharacterList = { characters: [], canUndo: false };

/** Who may speak, as the campaign's file has them. @param heard who speaks at the table: somebody new may be among them */
export function useCast(api: Api, heard: readonly string[]): CastBook {
  const [list, setList] = useState<CharacterList>(NOBODY);
  const { trouble, attempt } = useAttempt();
  const timer = useRef<ReturnType<typeof setTimeout>>(null);

  const load = useCallback(async (): Promise<void> => {
    await attempt(async () => setList(await api.characters()));
  }, [api, attempt]);
  useEffect(() => void load(), [load]);

  const known = new Set(["dm", "combat", ...list.characters.map(({ id }) => id)]);
  const strangers = [...new Set(heard)].filter((speaker) => !known.has(speaker)).join("\n");
  useEffect(() => {
    if (strangers !== "") void load();
  }, [strangers]);

  const keep = (id: string, sheet: Sheet): void => {
    clearTimeout(timer.current ?? undefined);
    timer.current = setTimeout(
      () =>
        void attempt(async () => {
          await api.keepCharacter(id, sheet);
          setList(await api.characters());
        }),
      QUIET_MS,
    );
  };
  const undo = async (): Promise<void> => {
    clearTimeout(timer.current ?? undefined);
    await attempt(async () => setList(await api.undoCharacter()));
  };
  const remove = async (id: string): Promise<void> => {
    await attempt(async () => {
      await api.removeCharacter(id);
      setList(await api.characters());
    });
  };
  return { ...list, trouble: trouble ?? list.problem, load, keep, undo, remove };
}

/** What is shown of somebody in a list. */
export function aboutOf({ race, gender, speaksWith }: CharacterInfo): string {
  return [[race, gender].filter(Boolean).join(" "), voiceWords(speaksWith)].filter(Boolean).join(" · ");
}

/** A voice in words: `en-us+f3` is a language and a variant, `kokoro/af_heart` the speaker of a model. */
function voiceWords({ voiceId, language }: CharacterInfo["speaksWith"]): string {
  const [base = "", variant] = voiceId.split("+", 2);
  const name = base.slice(base.lastIndexOf("/") + 1);
  const isLanguage = name.split("-", 1)[0] === language.split("-", 1)[0];
  return [isLanguage ? languageName(name) : name, variant].filter(Boolean).join(", ");
}

/** What people call a language; the voices' list, which is loaded when it is opened, knows more of them. */
function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
