import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { OfferedVoice, VoiceCatalogue, VoiceInstall } from "../../../core/protocol/voices-api.ts";
import { sentence } from "../advice.ts";
import { Menu } from "../menu.tsx";
import { isUnderWay, type VoiceOffer } from "./use-voice-offer.ts";

/** Choice of the menu for a voice that is not in it. */
const OTHER = "piper:";

const languages = new Intl.DisplayNames("en", { type: "language" });

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Size, licence, and what it speaks. */
function facts({ bytes, licence, languages: tags, speakers }: OfferedVoice): string {
  const spoken = tags.map((tag) => languages.of(tag) ?? tag).join(", ");
  return `${spoken}, ${speakers} ${speakers === 1 ? "speaker" : "speakers"}; ${megabytes(bytes)}, licence ${licence}`;
}

function Choice({ catalogue, offer }: { catalogue: VoiceCatalogue; offer: VoiceOffer }): JSX.Element {
  const { offered, installed, install } = catalogue;
  const left = offered.filter(({ name }) => !installed.includes(name));
  const [chosen, choose] = useState(left[0]?.name ?? OTHER);
  const [typed, type] = useState("");
  const voice = left.find(({ name }) => name === chosen);
  const wanted = voice?.name ?? `${OTHER}${typed.replace(OTHER, "").trim()}`;
  return (
    <form
      onSubmit={(event: Event) => {
        event.preventDefault();
        if (wanted !== OTHER) void offer.install(wanted);
      }}
    >
      <h2>{installed.length === 0 ? "Voices that sound like people" : "Another voice"}</h2>
      <Menu
        label="Voice"
        value={chosen}
        options={[...left.map(({ name }) => [name, name] as const), [OTHER, "Any other of Piper…"]]}
        onChange={choose}
      />
      {voice ? (
        <p>{facts(voice)}</p>
      ) : (
        <label class="field">
          <span>Its name</span>
          <input
            type="text"
            placeholder="en_GB-alba-medium"
            autoComplete="off"
            value={typed}
            onInput={(event: Event) => type((event.target as HTMLInputElement).value)}
          />
        </label>
      )}
      <div class="voice-offer-foot">
        <button type="submit" class="main">
          {install?.state === "failed" || install?.state === "stopped" ? "Try again" : "Install"}
        </button>
        <button type="button" onClick={offer.close}>
          Not now
        </button>
      </div>
    </form>
  );
}

const DOING: { readonly [State in VoiceInstall["state"]]?: string } = {
  downloading: "Downloading",
  unpacking: "Unpacking",
  starting: "Waking",
};

function UnderWay({ install, onStop }: { install: VoiceInstall; onStop: () => void }): JSX.Element {
  const { name, state, bytes, total } = install;
  const part = state === "downloading" && total ? { value: bytes, max: total } : {};
  return (
    <div>
      <label class="voice-offer-progress">
        <span>
          {DOING[state]} {name}
        </span>
        <progress {...part} />
      </label>
      <p>
        {state === "downloading" && `${megabytes(bytes)}${total ? ` of ${megabytes(total)}` : ""}. `}
        The table can play meanwhile.
      </p>
      <div class="voice-offer-foot">
        <button type="button" disabled={state === "starting"} onClick={onStop}>
          Stop
        </button>
      </div>
    </div>
  );
}

function Speaking({ name, offer }: { name: string; offer: VoiceOffer }): JSX.Element {
  return (
    <div>
      <h2>{name} is here</h2>
      <p>It speaks from the next line on. In a fight, the quick voices still do.</p>
      <div class="voice-offer-foot">
        <button type="button" class="main" onClick={() => void offer.hear(name)}>
          Hear it
        </button>
        <button type="button" onClick={offer.close}>
          Done
        </button>
      </div>
    </div>
  );
}

function Missing({ command, onClose }: { command: string; onClose: () => void }): JSX.Element {
  return (
    <div>
      <h2>Voices that sound like people</h2>
      <p>
        They are spoken by a package that is not installed. Type <code>{command}</code> where Bardcast is, and
        start it again.
      </p>
      <div class="voice-offer-foot">
        <button type="button" onClick={onClose}>
          Not now
        </button>
      </div>
    </div>
  );
}

function Content({ catalogue, offer }: { catalogue: VoiceCatalogue; offer: VoiceOffer }): JSX.Element {
  const { install, missing } = catalogue;
  if (install && isUnderWay(install)) return <UnderWay install={install} onStop={() => void offer.stop()} />;
  if (missing !== undefined) return <Missing command={missing} onClose={offer.close} />;
  if (install?.state === "speaking" && !offer.isChoosing)
    return <Speaking name={install.name} offer={offer} />;
  return <Choice catalogue={catalogue} offer={offer} />;
}

/** Above the table's talk: a voice that can be installed, how far it is, and how it sounds. */
export function VoiceOfferStrip({ offer }: { offer: VoiceOffer }): JSX.Element | null {
  const { shown, trouble } = offer;
  if (!shown) return null;
  const { install } = shown;
  const failure = install?.state === "failed" ? install.problem : undefined;
  return (
    <section class="voice-offer" aria-label="Voices">
      <p class="trouble" role="alert">
        {failure
          ? `${sentence(failure.message)} Nothing is lost: the voices that are here speak on.`
          : trouble}
      </p>
      <Content catalogue={shown} offer={offer} />
    </section>
  );
}
