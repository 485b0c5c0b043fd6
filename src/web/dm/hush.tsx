import type { Child } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { VoiceOffer } from "./voices/use-voice-offer.ts";
import { VoiceOfferStrip } from "./voices/voice-offer.tsx";

function Step(props: { number: number; title: string; words: string; children?: Child }): JSX.Element {
  return (
    <div class="step">
      <span class="n" aria-hidden="true">
        {props.number}
      </span>
      <span class="grow">
        <strong>{props.title}</strong>
        <br />
        <span class="small">{props.words}</span>
      </span>
      {props.children}
    </div>
  );
}

/** Before the first line: what to do. */
export function Hush({ offer, onInvite }: { offer: VoiceOffer; onInvite: () => void }): JSX.Element {
  return (
    <div class="hush">
      <h2>The table is quiet.</h2>
      <p>Two things, in any order.</p>
      <div class="steps">
        <Step number={1} title="Let your players in" words="Each scans a code with their phone.">
          <button type="button" class="main push" onClick={onInvite}>
            Show the codes
          </button>
        </Step>
        <Step number={2} title="Write what they hear" words="In the box below; then press Enter." />
        <VoiceOfferStrip offer={offer} />
      </div>
    </div>
  );
}
