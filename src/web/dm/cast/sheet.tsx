import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { EFFECTS } from "../../../core/dsp/effects/names.ts";
import type { CharacterInfo, VoiceChoices } from "../../../core/protocol/api.ts";
import { COLOURS } from "../../../core/protocol/colours.ts";
import { displayName } from "../../shared/names.ts";
import type { Api } from "../api.ts";
import { LIKE } from "../composer/tag.ts";
import type { Preview } from "../listen/use-preview.ts";
import { LazyVoiceSearch } from "./lazy-voice-search.tsx";
import { pitchWords, type Sheet, sheetOf, speedWords, withVoice } from "./sheet-fields.ts";

function typedIn(event: Event): string {
  return (event.target as HTMLInputElement).value;
}

function Field(props: {
  label: string;
  value: string;
  offered?: readonly string[];
  onChange: (value: string) => void;
}): JSX.Element {
  const { label, value, offered = [], onChange } = props;
  const list = `sheet-${label.replace(/\W+/gu, "-")}`;
  return (
    <label class="field">
      {label}
      <input
        maxLength={64}
        autoComplete="off"
        value={value}
        list={list}
        onInput={(event: Event) => onChange(typedIn(event))}
      />
      <datalist id={list}>
        {offered.map((each) => (
          <option key={each} value={displayName(each)} />
        ))}
      </datalist>
    </label>
  );
}

/** Speed and pitch: where the sheet says nothing, as the voice is. */
function Slides({ sheet, character, onChange }: SheetPart & { character: CharacterInfo }): JSX.Element {
  const speed = Number(sheet.voice.speed ?? character.speaksWith.speed);
  const pitch = Number(sheet.voice.pitch ?? character.speaksWith.pitch);
  return (
    <div class="two">
      <label class="slide">
        Speed<output>{speedWords(speed)}</output>
        <input
          type="range"
          min={0.5}
          max={1.5}
          step={0.05}
          value={String(speed)}
          onChange={(event: Event) => onChange(withVoice(sheet, { speed: Number(typedIn(event)) }))}
        />
      </label>
      <label class="slide">
        Pitch<output>{pitchWords(pitch)}</output>
        <input
          type="range"
          min={-8}
          max={8}
          step={0.5}
          value={String(pitch)}
          onChange={(event: Event) => onChange(withVoice(sheet, { pitch: Number(typedIn(event)) }))}
        />
      </label>
    </div>
  );
}

interface SheetPart {
  sheet: Sheet;
  onChange: (sheet: Sheet) => void;
}

function Effects({ sheet, onChange }: SheetPart): JSX.Element {
  const effect = String([sheet.voice.effects ?? ""].flat()[0]);
  return (
    <fieldset class="pick">
      <legend>Always sounds like</legend>
      {["", ...EFFECTS].map((name) => (
        <label key={name}>
          <input
            type="radio"
            name="sheet-effect"
            checked={effect === name}
            onChange={() => onChange(withVoice(sheet, { effects: name === "" ? undefined : name }))}
          />
          {name === "" ? "Nothing special" : LIKE[name as keyof typeof LIKE]}
        </label>
      ))}
    </fieldset>
  );
}

function Colours({ sheet, onChange }: SheetPart): JSX.Element {
  return (
    <fieldset class="pick swatches">
      <legend>Colour on the phones</legend>
      {COLOURS.map((colour) => (
        <label key={colour}>
          <input
            type="radio"
            name="sheet-colour"
            aria-label={displayName(colour)}
            checked={sheet.colour === colour}
            onChange={() => onChange({ ...sheet, colour })}
          />
          <span class="dot" style={`--c: var(--${colour === "moss" ? "moss-name" : colour})`} />
        </label>
      ))}
    </fieldset>
  );
}

/** Of a voice of one's own, what is not written any more. */
const NO_VOICE = { voiceId: undefined, engine: undefined, language: undefined };

/** A character, kept as it is changed; it counts from the next line on. */
export function CharacterForm(props: {
  api: Api;
  preview: Preview;
  character: CharacterInfo;
  choices: VoiceChoices;
  canUndo: boolean;
  onKeep: (sheet: Sheet) => void;
  onUndo: () => void;
  onRemove: () => void;
}): JSX.Element {
  const { character, choices } = props;
  const [sheet, setSheet] = useState<Sheet>(() => sheetOf(character));
  const change = (next: Sheet): void => {
    setSheet(next);
    props.onKeep(next);
  };
  const field = (name: "name" | "say" | "race" | "gender", label: string, offered?: readonly string[]) => (
    <Field
      label={label}
      value={sheet[name]}
      offered={offered ?? []}
      onChange={(value) => change({ ...sheet, [name]: value })}
    />
  );
  return (
    <form class="stack" onSubmit={(event: Event) => event.preventDefault()}>
      <div class="two">
        {field("name", "Name")}
        {field("say", "How the name is said")}
      </div>
      <div class="two">
        {field("race", "Race", choices.races)}
        {field("gender", "Gender", choices.genders)}
      </div>
      <LazyVoiceSearch
        api={props.api}
        preview={props.preview}
        speaker={character.id}
        voiceId={String(sheet.voice.voiceId ?? "")}
        engine={String(sheet.voice.engine ?? "")}
        language={character.speaksWith.language}
        onChoose={(voice) => change(withVoice(sheet, { ...NO_VOICE, ...voice }))}
      />
      <Field
        label="Or by its name"
        value={String(sheet.voice.voiceId ?? "")}
        onChange={(voiceId) => change(withVoice(sheet, { ...NO_VOICE, voiceId: voiceId.trim() }))}
      />
      <p class="small">Speaks with {character.speaksWith.voiceId}.</p>
      <Slides sheet={sheet} character={character} onChange={change} />
      <Effects sheet={sheet} onChange={change} />
      <Colours sheet={sheet} onChange={change} />
      <label class="field">
        Notes, for you alone
        <textarea rows={3} onInput={(event: Event) => change({ ...sheet, notes: typedIn(event) })}>
          {character.notes ?? ""}
        </textarea>
      </label>
      <p class="small">Kept as you change it; counts from the next line on.</p>
      <div class="row wrap">
        <button type="button" class="quiet" disabled={!props.canUndo} onClick={props.onUndo}>
          Take back my last change
        </button>
        <button type="button" class="quiet" onClick={props.onRemove}>
          Forget {character.name}
        </button>
      </div>
    </form>
  );
}
