/**
 * The player page: one tap for the sound, then captions to read and a volume to set.
 * @module
 */
import { useState, useSyncExternalStore } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Captions } from "./play/captions/captions.tsx";
import { Install } from "./play/device/install.ts";
import { Device } from "./play/device.ts";
import { Dock } from "./play/dock.tsx";
import { Seat } from "./play/seat.ts";
import { SIZES } from "./play/settings.ts";
import { Sheet } from "./play/sheets/sheet.tsx";
import { standing } from "./play/words.ts";
import { Flame, Sliders } from "./shared/icons.tsx";
import { mount } from "./shared/mount.ts";
import { displayName } from "./shared/names.ts";
import { placeOf, socketUrl } from "./shared/place.ts";

const loadSettings = async () => (await import("./play/sheets/settings-sheet.tsx")).SettingsSheet;

function PlayPage({ seat, install }: { seat: Seat; install: Install }): JSX.Element {
  const view = useSyncExternalStore(seat.subscribe, seat.view);
  const [isSetting, setSetting] = useState(false);
  const listening = view.connection === "open" && view.sound === "running";
  const isQuiet = view.captions.length === 0;
  // Whoever hears nothing needs them.
  const isReading = view.words !== "never" || view.sound !== "running";
  const mood = [
    isQuiet && "is-quiet",
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
        <button type="button" aria-label="Settings" onClick={() => setSetting(true)}>
          <Sliders />
        </button>
      </header>
      {isReading ? (
        <Captions
          key="captions"
          captions={view.captions}
          spoken={view.spoken}
          size={SIZES[view.size] ?? 1}
          isHeard={listening && !view.muted}
        />
      ) : (
        <p key="hush" class="hush">
          Captions are off. Just listen.
        </p>
      )}
      {isQuiet && listening && isReading && (
        <p class="hush">All ears. What the game master says appears here.</p>
      )}
      <Dock seat={seat} view={view} />
      {isSetting && (
        <Sheet
          title="How you listen"
          leave="Done"
          isMain
          load={loadSettings}
          props={{ seat, view, install }}
          onClose={() => setSetting(false)}
        />
      )}
    </main>
  );
}

const place = placeOf(window);
const seat = new Seat(socketUrl(place), {
  sync: place.sync,
  ...(place.codec ? { codecs: [place.codec] } : {}),
});
const install = new Install(place);
const device = new Device(seat, install);
seat.subscribe(() => device.follow(seat.view()));
device.follow(seat.view());
mount(<PlayPage seat={seat} install={install} />);
seat.sitDown();
