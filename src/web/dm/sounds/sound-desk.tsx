import { useEffect, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PlayerStatus } from "../../../core/protocol/api.ts";
import type { Place } from "../../shared/place.ts";
import { AddSounds } from "./add-sounds.tsx";
import { Beds } from "./beds.tsx";
import { Hits, hitsOf } from "./hits.tsx";
import { PlayerVolumes, SoundChoices } from "./sound-choices.tsx";
import { SOUND_KEYS, type SoundKeys } from "./sound-keys.ts";
import { useSounds } from "./use-sounds.ts";

export interface SoundDeskProps {
  place: Place;
  players: readonly PlayerStatus[];
  /** Where the desk puts what letters play. */
  keys: SoundKeys;
}

/** What plays in the place, what may be played, and how loud. */
export function SoundDesk({ place, players, keys }: SoundDeskProps): JSX.Element {
  const sounds = useSounds(place);
  const { status, troubles, act, api } = sounds;
  const [fadeMs, setFadeMs] = useState(4_000);
  const [to, setTo] = useState("");
  const hit = (sound: string): void =>
    void act(async () => {
      await api.hit({ sound, to: to === "" ? "all" : [to] });
      return api.status();
    });
  useEffect(() => {
    keys.onKey = (key) => {
      const sound = key.length === 1 ? hitsOf(status)[SOUND_KEYS.indexOf(key)] : undefined;
      if (sound) hit(sound.id);
      return sound !== undefined;
    };
  });
  if (!status) return <p class="small">Looking for sounds…</p>;
  return (
    <>
      <SoundChoices status={status} act={act} fadeMs={fadeMs} onFade={setFadeMs} />
      <Beds status={status} fadeMs={fadeMs} act={act} />
      <Hits status={status} players={players} to={to} onTo={setTo} onHit={hit} />
      <PlayerVolumes status={status} players={players} act={act} />
      <AddSounds status={status} act={act} onAdd={sounds.add} />
      {[...troubles, ...status.refused.map(({ name, why }) => `“${name}” is not played: ${why}.`)].map(
        (trouble) => (
          <p key={trouble} class="note bad" role="status">
            {trouble}
          </p>
        ),
      )}
    </>
  );
}
