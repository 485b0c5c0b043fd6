/**
 * The player page: one tap for the sound, then captions to read and a volume to set.
 * @module
 */
import { useSyncExternalStore } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Captions } from "./play/captions.tsx";
import { Dock } from "./play/dock.tsx";
import { Seat } from "./play/seat.ts";
import { standing } from "./play/words.ts";
import { Flame } from "./shared/icons.tsx";
import { mount } from "./shared/mount.ts";
import { displayName } from "./shared/names.ts";
import { placeOf, socketUrl } from "./shared/place.ts";

function PlayPage({ seat }: { seat: Seat }): JSX.Element {
  const view = useSyncExternalStore(seat.subscribe, seat.view);
  const listening = view.connection === "open" && view.sound === "running";
  // Whoever hears nothing needs them.
  const isReading = view.captions || view.sound !== "running";
  const mood = [
    view.lines.length === 0 && "is-quiet",
    listening && "is-listening",
    listening && view.spoken !== undefined && "is-speaking",
  ];
  return (
    <main class={`play ${mood.filter(Boolean).join(" ")}`}>
      <header class="play-head">
        <Flame lit={listening} />
        <h1>{view.player === undefined ? "Bardcast" : displayName(view.player)}</h1>
        <p class="standing" role="status">
          {view.notice ?? standing(view)}
        </p>
      </header>
      {isReading ? (
        <Captions key="captions" lines={view.lines} spoken={view.spoken} />
      ) : (
        <p key="hush" class="hush">
          Captions are off. Just listen.
        </p>
      )}
      {view.lines.length === 0 && listening && isReading && (
        <p class="hush">All ears. What the game master says appears here.</p>
      )}
      <footer class="dock">
        <Dock seat={seat} view={view} />
      </footer>
    </main>
  );
}

const place = placeOf(window);
const seat = new Seat(socketUrl(place), {
  sync: place.sync,
  ...(place.codec ? { codecs: [place.codec] } : {}),
});
mount(<PlayPage seat={seat} />);
seat.sitDown();
