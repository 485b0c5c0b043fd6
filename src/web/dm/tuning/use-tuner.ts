import { useEffect, useRef, useState } from "hono/jsx/dom";
import type { TunedDevice } from "../../../core/protocol/tuning.ts";
import { canHear, DeafError, Microphone } from "../../ear/microphone.ts";
import { TableError, TableRoom } from "./table-room.ts";
import { RoomTuner, type Tuned } from "./tune-room.ts";
import type { Trouble } from "./tune-words.ts";

/** How a tuning stands. */
export type TuningState =
  | { name: "idle" }
  /** A phone of that player's asks whether it may listen. */
  | { name: "asking"; player: string }
  /** `waiting`: for a line to be over. */
  | { name: "starting"; isWaiting: boolean }
  | { name: "listening"; to: TunedDevice | undefined; among: readonly TunedDevice[]; part: number }
  | { name: "done"; devices: readonly Tuned[]; isProcessed: boolean }
  | { name: "failed"; why: Trouble };

export interface Tuner {
  state: TuningState;
  /** Call it in a tap. @param player whose phone listens; left out: this computer does */
  start: (player?: string) => void;
  stop: () => void;
}

/** Between two looks whether the table is quiet. */
const RETRY_MS = 700;

/** One tuning after the other, on the console's own microphone or on a player's. */
export function useTuner(socket: URL): Tuner {
  const [state, setState] = useState<TuningState>(
    canHear() ? { name: "idle" } : { name: "failed", why: "insecure" },
  );
  const current = useRef<AbortController | undefined>(undefined);

  const stop = (): void => {
    current.current?.abort();
    current.current = undefined;
    setState({ name: "idle" });
  };
  useEffect(() => () => current.current?.abort(), []);

  const start = (player?: string): void => {
    current.current?.abort();
    const life = new AbortController();
    current.current = life;
    const show = (next: TuningState): void => {
      if (!life.signal.aborted) setState(next);
    };
    show({ name: "starting", isWaiting: false });
    tune({ socket, player, signal: life.signal, show }).catch((error: unknown) =>
      show({ name: "failed", why: troubleOf(error) }),
    );
  };
  return { state, start, stop };
}

interface Wanted {
  socket: URL;
  /** Whose phone listens. */
  player: string | undefined;
  signal: AbortSignal;
  show: (state: TuningState) => void;
}

async function tune({ socket, player, signal, show }: Wanted): Promise<void> {
  const microphone = player === undefined ? await Microphone.open() : undefined;
  const room = new TableRoom(socket, microphone);
  const end = (): void => {
    room.close();
    microphone?.close();
  };
  signal.addEventListener("abort", end);
  try {
    signal.throwIfAborted();
    await Promise.all([room.connect(), microphone?.steady]);
    if (player !== undefined) await room.listenAt(player, () => show({ name: "asking", player }));
    await openQuietly(room, signal, () => show({ name: "starting", isWaiting: true }));
    const among = room.devices;
    const isListened = (to: TunedDevice | undefined, part: number): void =>
      show({ name: "listening", to, among, part });
    isListened(undefined, 0);
    const tuner = new RoomTuner(room, (device, part) =>
      isListened(
        among.find((each) => each.device === device),
        part,
      ),
    );
    const devices = await Promise.race([tuner.run(), room.lost]);
    show({ name: "done", devices, isProcessed: (microphone ?? room).isProcessed });
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

/** Waits for the line that is being heard. */
async function openQuietly(room: TableRoom, signal: AbortSignal, onWait: () => void): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      await room.open();
      return;
    } catch (error) {
      if (!(error instanceof TableError && error.reason === "busy")) throw error;
    }
    onWait();
    await Promise.race([room.lost, new Promise((resolve) => setTimeout(resolve, RETRY_MS))]);
  }
}

function troubleOf(error: unknown): Trouble {
  return error instanceof DeafError || error instanceof TableError ? error.reason : "broken";
}
