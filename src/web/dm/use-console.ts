import { useCallback, useEffect, useState } from "hono/jsx/dom";
import type { QueuedUtterance, RecentUtterance, VoiceChoices } from "../../core/protocol/api.ts";
import type { Api } from "./api.ts";
import { afterSpeaking, anew, type Draft, FIRST_DRAFT, lineOf } from "./draft.ts";
import { useAttempt } from "./use-attempt.ts";
import { useKeptDraft } from "./use-kept-draft.ts";

const FIRST_VOICES: VoiceChoices = { speakers: ["dm", "combat"], races: [], genders: [] };

/** A text for the box. */
export interface Proposal {
  text: string;
  /** To whom it could not be said; what is being written meanwhile goes before it. */
  failedTo?: readonly string[];
}

export interface Console {
  draft: Draft;
  voices: VoiceChoices;
  /** A text for the box, after a failure. */
  proposal: Proposal | undefined;
  trouble: string | undefined;
  setDraft: (draft: Draft) => void;
  /** What stands in the box by now. */
  setText: (text: string) => void;
  say: (text: string) => Promise<void>;
  sayAgain: (line: RecentUtterance) => Promise<void>;
  cancel: (lines: readonly Pick<QueuedUtterance, "utterance">[]) => Promise<void>;
}

/** What the game master is about to say, and everything they can do about it. `refresh`: something changed. */
export function useConsole(api: Api, refresh: () => void): Console {
  const [draft, setDraft] = useState<Draft>(FIRST_DRAFT);
  const [voices, setVoices] = useState<VoiceChoices>(FIRST_VOICES);
  const [proposal, setProposal] = useState<Proposal>();
  const { trouble, attempt } = useAttempt(refresh);
  const learnVoices = useCallback(async (): Promise<void> => {
    const known = await api.voices();
    setVoices(known);
    setDraft((current) => afterSpeaking(current, known));
  }, [api]);
  useEffect(() => void attempt(learnVoices), [attempt, learnVoices]);

  const setText = useKeptDraft(api, draft, ({ text, ...found }) => {
    setDraft(found);
    if (text !== "") setProposal({ text });
  });

  const say = async (text: string): Promise<void> => {
    const line = lineOf(draft, text);
    if (!(await attempt(() => api.speak(line)))) setProposal({ text, failedTo: draft.to });
    else if (line.npc) await attempt(learnVoices);
  };
  const sayAgain = async (line: RecentUtterance): Promise<void> => {
    await attempt(() => api.speak(anew(line)));
  };
  const cancel = async (lines: readonly Pick<QueuedUtterance, "utterance">[]): Promise<void> => {
    await attempt(() => Promise.all(lines.map(({ utterance }) => api.cancel(utterance))));
  };
  return { draft, voices, proposal, trouble, setDraft, setText, say, sayAgain, cancel };
}
