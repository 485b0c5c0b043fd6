import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PlayerStatus } from "../../../core/protocol/api.ts";
import { canHear } from "../../ear/microphone.ts";
import { displayName } from "../../shared/names.ts";
import type { Tuned } from "./tune-room.ts";
import { deviceName, doneWords, outcomeWords, TROUBLES, verdictWords } from "./tune-words.ts";
import { type TuningState, useTuner } from "./use-tuner.ts";

export interface TuningProps {
  /** With the DM's token. */
  socket: URL;
  players: readonly PlayerStatus[];
}

/** What is going on, in a line. */
function nowWords(state: TuningState): string {
  switch (state.name) {
    case "idle":
      return "Do the devices sound together?";
    case "asking":
      return `${displayName(state.player)}’s phone asks whether it may listen: tap there`;
    case "starting":
      return state.isWaiting ? "Waiting until the table is quiet…" : "Listening to the room…";
    case "listening":
      return state.to ? `Listening: ${deviceName(state.to, state.among)}` : "Listening…";
    case "done":
      return doneWords(state.devices);
    case "failed":
      return "Not tuned";
  }
}

function Results({ devices }: { devices: readonly Tuned[] }): JSX.Element {
  return (
    <ul class="tunings">
      {devices.map((each) => {
        const { words, isGood } = verdictWords(each.outcome);
        return (
          <li key={each.device}>
            <b>{deviceName(each, devices)}</b>
            <span class={isGood ? "good" : "trouble"}>{words}</span>
            <p class="small">{outcomeWords(each.outcome, each.ear)}</p>
          </li>
        );
      })}
    </ul>
  );
}

/** Lets this computer's microphone hear how late each device is, and has it put right. */
export function TuningBody({ socket, players }: TuningProps): JSX.Element {
  const { state, start, stop } = useTuner(socket);
  const isUnderWay = ["asking", "starting", "listening"].includes(state.name);
  const [by, setBy] = useState<string>();
  // A phone of theirs may listen.
  const here = players.filter(({ connections }) => connections > 0).map(({ id }) => id);
  const begin = (player?: string): void => {
    setBy(player);
    start(player);
  };
  const isInsecure = state.name === "failed" && state.why === "insecure";
  const { port } = socket;
  return (
    <>
      <p role="status">
        <strong>{nowWords(state)}</strong>
      </p>
      {isUnderWay && (
        <progress
          aria-label="Tuning"
          max="1"
          {...(state.name === "listening" ? { value: String(state.part) } : {})}
        />
      )}
      {state.name === "failed" && (
        <p class="trouble" role="alert">
          {TROUBLES[state.why]}
        </p>
      )}
      {state.name === "done" && <Results devices={state.devices} />}
      {state.name === "done" && state.isProcessed && (
        <p class="trouble">
          This browser changes what its microphone hears: what was not heard may be its doing.
        </p>
      )}
      {isUnderWay && state.name !== "asking" && (
        <p class="small">
          Each device hisses softly, one after the other. Talk on if you like; leave the devices where they
          are. Lines wait meanwhile.
        </p>
      )}
      {!isUnderWay && !isInsecure && (
        <p class="small">
          {by === undefined ? "This computer" : displayName(by)}’s microphone hears how late each device is.
          Put it in the middle of the table: sound takes 3 ms for a metre of air, and that much stays. Nothing
          it hears is kept or sent.
        </p>
      )}
      {!isInsecure && (
        <div class="row wrap">
          {isUnderWay ? (
            <button type="button" onClick={stop}>
              Stop tuning
            </button>
          ) : (
            <button type="button" class="main" onClick={() => begin(by)}>
              {state.name === "idle" ? "Listen to the devices" : "Tune again"}
            </button>
          )}
        </div>
      )}
      <details class="more" open={isInsecure}>
        <summary>No microphone here?</summary>
        {here.length > 0 && (
          <div class="row wrap">
            {by !== undefined && canHear() && (
              <button type="button" disabled={isUnderWay} onClick={() => begin()}>
                Listen with this computer
              </button>
            )}
            {here.map((player) => (
              <button type="button" key={player} disabled={isUnderWay} onClick={() => begin(player)}>
                Listen with {displayName(player)}’s phone
              </button>
            ))}
          </div>
        )}
        <p class="small">
          {here.length > 0 && "A phone listens once its player allows it, where its page came over https. "}
          On the computer that runs Bardcast, open this console at{" "}
          <code>http://localhost{port && `:${port}`}</code>: there, and on https, browsers let a page listen.
          Without a microphone, each phone has a slider for this in its settings.
        </p>
      </details>
    </>
  );
}
