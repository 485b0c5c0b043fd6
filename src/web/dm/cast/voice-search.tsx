import { useEffect, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { languageName } from "../../../core/language-name.ts";
import type { VoiceSearch as Found, FoundVoice } from "../../../core/protocol/voices-api.ts";
import type { Api } from "../api.ts";
import type { Preview } from "../listen/use-preview.ts";
import { engineWords } from "../panels/engine-words.ts";
import { useAttempt } from "../use-attempt.ts";

/** ms without a change after which voices are looked for. */
const QUIET_MS = 200;
const NOTHING: Found = { voices: [], count: 0, engines: [], unlisted: [], languages: [] };

/** What of a voice is written in a sheet. */
export type ChosenVoice = Pick<FoundVoice, "voiceId" | "engine" | "language">;

export interface VoiceSearchProps {
  api: Api;
  preview: Preview;
  /** Whose voice it is. */
  speaker: string;
  /** What their sheet says; empty: nothing. */
  voiceId: string;
  engine: string;
  /** The language they speak. */
  language: string;
  /** Undefined: whatever race, gender and name give. */
  onChoose: (voice: ChosenVoice | undefined) => void;
}

/** Finds a voice by engine, language, gender and words; each can be heard on this computer alone. */
export function VoiceSearch(props: VoiceSearchProps): JSX.Element {
  const { api, preview, speaker, onChoose } = props;
  const [find, setFind] = useState("");
  const [language, setLanguage] = useState(() => props.language.split("-", 1)[0] ?? "");
  const [gender, setGender] = useState("");
  const [engine, setEngine] = useState("");
  const [found, setFound] = useState<Found>();
  const { trouble, attempt } = useAttempt();
  useEffect(() => {
    const asked = new AbortController();
    const search = async (): Promise<void> => {
      const answer = await api
        .searchVoices({ find, language, gender, engine }, asked.signal)
        .catch((error) => {
          if (!asked.signal.aborted) throw error;
        });
      if (answer) setFound(answer);
    };
    const timer = setTimeout(() => void attempt(search), QUIET_MS);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [api, find, language, gender, engine]);

  const { voices, count, engines, unlisted, languages } = found ?? NOTHING;
  // Where a sheet is open on a phone, there is no room for news.
  const problem = trouble ?? preview.trouble;
  const hear = ({ sample, voiceId, engine, language }: FoundVoice): void =>
    void preview.hear({ text: sample, to: "all", speaker, voice: { voiceId, engine, language } }, engine);
  const isChosen = (voice: FoundVoice): boolean =>
    voice.voiceId === props.voiceId && (props.engine === "" || voice.engine === props.engine);
  return (
    <section class="voice-search" aria-label="Voice">
      <div class="row">
        <h3 class="grow">Voice</h3>
        <p class={`small ${problem ? "trouble" : ""}`} role="status">
          {problem ?? (preview.state === "making" ? "Making it…" : found && countWords(voices.length, count))}
        </p>
      </div>
      <input
        type="search"
        aria-label="Find a voice"
        placeholder="Find by name, language, country…"
        maxLength={200}
        value={find}
        onInput={(event: Event) => setFind((event.target as HTMLInputElement).value)}
      />
      <div class="filters">
        <Choice
          label="Language"
          chosen={language}
          options={[["", "Any language"], ...languages.map(({ tag, name }) => [tag, name] as const)]}
          onChoose={setLanguage}
        />
        <Choice label="Woman, man or neither" chosen={gender} options={GENDERS} onChoose={setGender} />
        <Choice
          label="Which voices"
          chosen={engine}
          options={[["", "All voices"], ...engines.map((name) => [name, engineWords(name)] as const)]}
          onChoose={setEngine}
        />
      </div>
      <ul class="items voices">
        <li>
          <VoiceRadio
            name="Whatever suits them"
            about="by race, gender and name"
            checked={props.voiceId === ""}
            onChoose={() => onChoose(undefined)}
          />
        </li>
        {voices.map((voice) => (
          <li key={`${voice.engine} ${voice.voiceId}`}>
            <VoiceRadio
              name={voice.voiceId}
              about={aboutOf(voice)}
              checked={isChosen(voice)}
              onChoose={() => {
                const { voiceId, engine, language } = voice;
                onChoose({ voiceId, engine, language });
              }}
            />
            <button type="button" class="quiet" onClick={() => hear(voice)}>
              Hear it<span class="unseen">: {voice.voiceId}</span>
            </button>
          </li>
        ))}
      </ul>
      {unlisted.length > 0 && (
        <p class="small">
          {unlisted.map(engineWords).join(", ")}: tells no list of voices. Write one by its name, below.
        </p>
      )}
    </section>
  );
}

const GENDERS = [
  ["", "Anybody"],
  ["female", "Women"],
  ["male", "Men"],
] as const;

function Choice(props: {
  label: string;
  chosen: string;
  options: readonly (readonly [value: string, shown: string])[];
  onChoose: (value: string) => void;
}): JSX.Element {
  return (
    <select
      aria-label={props.label}
      onChange={(event: Event) => props.onChoose((event.target as HTMLSelectElement).value)}
    >
      {props.options.map(([value, shown]) => (
        <option key={value} value={value} selected={value === props.chosen}>
          {shown}
        </option>
      ))}
    </select>
  );
}

function VoiceRadio(props: {
  name: string;
  about: string;
  checked: boolean;
  onChoose: () => void;
}): JSX.Element {
  return (
    <label>
      <input type="radio" name="sheet-voice" checked={props.checked} onChange={props.onChoose} />
      <span>
        <b>{props.name}</b>
        <small>{props.about}</small>
      </span>
    </label>
  );
}

function countWords(shown: number, count: number): string {
  if (count === 0) return "No such voice";
  if (shown < count) return `${shown} of ${count} voices`;
  return count === 1 ? "1 voice" : `${count} voices`;
}

const PEOPLE = { female: "a woman", male: "a man" } as const;

function aboutOf({ engine, language, gender }: FoundVoice): string {
  return [gender && PEOPLE[gender], languageName(language), engineWords(engine)].filter(Boolean).join(", ");
}
