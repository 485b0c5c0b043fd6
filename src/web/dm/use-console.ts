import { useCallback, useEffect, useState } from "hono/jsx/dom";
import type { QueuedUtterance, RecentUtterance, VoiceChoices } from "../../core/protocol/api.ts";
import type { SpeakRequest } from "../../core/protocol/speak-request.ts";
import type { Api } from "./api.ts";
import { useKeptDraft } from "./composer/use-kept-draft.ts";
import { afterSpeaking, anew, type Draft, FIRST_DRAFT, lineOf } from "./draft.ts";
import { useAttempt } from "./use-attempt.ts";

const FIRST_VOICES: VoiceChoices = { speakers: ["dm", "combat"], races: [], genders: [] };

/** A text for the box. */
export interface Proposal {
  text: string;
  /** How it could not be said; what is being written meanwhile goes before it. */
  failed?: Draft;
}

export interface Console {
  draft: Draft;
  /** What stands in the box by now. */
  text: string;
  voices: VoiceChoices;
  /** Names of short sounds, as far as they are known: a text has called one. */
  sounds: readonly string[] | undefined;
  /** A text for the box, after a failure. */
  proposal: Proposal | undefined;
  trouble: string | undefined;
  /** The last line that was to interrupt has to wait for a more urgent one. */
  isHeldUp: boolean;
  setDraft: (draft: Draft) => void;
  setText: (text: string) => void;
  /** @param interrupt cuts off what sounds, which goes on after it */
  say: (text: string, interrupt: boolean) => Promise<void>;
  /** Says a line that is written already. */
  sayLine: (line: SpeakRequest) => Promise<boolean>;
  sayAgain: (line: RecentUtterance) => Promise<void>;
  /** Says a line that waits before all others. */
  sayNow: (line: QueuedUtterance) => Promise<void>;
  /** Has a line that waits begun before another, or after all others. */
  move: (utterance: string, before: string | null) => Promise<void>;
  cancel: (utterance: string) => Promise<void>;
  /** Stops all that speaks or waits, also what was said since this page last looked. */
  stopAll: () => Promise<void>;
}

/** What the game master is about to say, and everything they can do about it. `refresh`: something changed; `onNewSpeaker`: somebody
 * may have spoken for the first time. */
export function useConsole(api: Api, refresh: () => void, onNewSpeaker: () => Promise<void>): Console {
  const [draft, setDraft] = useState<Draft>(FIRST_DRAFT);
  const [text, showText] = useState("");
  const [voices, setVoices] = useState<VoiceChoices>(FIRST_VOICES);
  const [proposal, setProposal] = useState<Proposal>();
  const [isHeldUp, setHeldUp] = useState(false);
  const { trouble, attempt } = useAttempt(refresh);
  const learnVoices = useCallback(async (): Promise<void> => {
    const known = await api.voices();
    setVoices(known);
    setDraft((current) => afterSpeaking(current, known));
  }, [api]);
  useEffect(() => void attempt(learnVoices), [attempt, learnVoices]);

  const keepText = useKeptDraft(api, draft, ({ text, ...found }) => {
    setDraft(found);
    if (text !== "") setProposal({ text });
  });
  const [sounds, setSounds] = useState<readonly string[]>();
  const callsSound = /\[sound /iu.test(text);
  useEffect(() => {
    if (callsSound) api.sounds().then(setSounds, () => undefined);
  }, [api, callsSound]);
  const setText = (next: string): void => {
    showText(next);
    keepText(next);
  };

  const sayLine = (line: SpeakRequest): Promise<boolean> =>
    attempt(async () => {
      const { waits } = await api.speak(line);
      setHeldUp(waits ?? false);
    });
  const say = async (text: string, interrupt: boolean): Promise<void> => {
    const line = { ...lineOf(draft, text), ...(interrupt ? { interrupt } : {}) };
    if (!(await sayLine(line))) setProposal({ text, failed: draft });
    else if (line.npc) await Promise.all([attempt(learnVoices), onNewSpeaker()]);
  };
  const sayAgain = async (line: RecentUtterance): Promise<void> => {
    await sayLine(anew(line));
  };
  const sayNow = async (line: QueuedUtterance): Promise<void> => {
    // Said first: if that fails, it still waits.
    if (await sayLine({ ...anew(line), interrupt: true })) await cancel(line.utterance);
  };
  const move = async (utterance: string, before: string | null): Promise<void> => {
    await attempt(() => api.move(utterance, before));
  };
  const cancel = async (utterance: string): Promise<void> => {
    await attempt(() => api.cancel(utterance));
  };
  const stopAll = async (): Promise<void> => {
    await attempt(() => api.cancelAll());
  };
  const actions = { setDraft, setText, say, sayLine, sayAgain, sayNow, move, cancel, stopAll };
  return { draft, text, voices, sounds, proposal, trouble, isHeldUp, ...actions };
}
