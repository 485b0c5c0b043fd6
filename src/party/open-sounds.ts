import type { PartyParts } from "./party-parts.ts";
import { SoundDesk } from "./sounds/sound-desk.ts";

/** The desk of sounds of a table, as it was left. */
export function openSounds({
  store,
  connections,
  streams,
  cluster,
}: Pick<PartyParts, "store" | "connections" | "streams" | "cluster">): SoundDesk {
  const { settings, sounds: library, place: kept } = store;
  const desk = new SoundDesk({
    library,
    connections,
    hears: (listener, isPrivate) => settings.hearsPlace(listener, isPrivate),
    now: () => streams.now(),
    kept,
    onChange: (place) => {
      store.place = place;
    },
    pass: cluster && ((hit) => cluster.pass(hit)),
  });
  settings.watch(() => desk.listenersChanged());
  return desk;
}
