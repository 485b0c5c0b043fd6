import { useCallback, useEffect, useRef, useState } from "hono/jsx/dom";
import type { VoiceCatalogue, VoiceInstall } from "../../../core/protocol/voices-api.ts";
import type { Api } from "../api.ts";
import { useAttempt } from "../use-attempt.ts";

const POLL_MS = 500;
/** Whether somebody does not want to be asked. */
const KEY = "bardcast.voices.declined";

export interface VoiceOffer {
  /** What there is; undefined while there is nothing to show. */
  shown: VoiceCatalogue | undefined;
  trouble: string | undefined;
  install: (name: string) => Promise<boolean>;
  stop: () => Promise<boolean>;
  hear: (name: string) => Promise<boolean>;
  close: () => void;
  /** Offers one more; undefined where this server installs none. */
  more: (() => void) | undefined;
  /** Whether one more was asked for. */
  isChoosing: boolean;
}

/** What the game master wants of it; undefined: nothing was said. */
type Wish = "choose" | "watch" | "closed" | undefined;

/** Whether there is more to come without anybody doing anything. */
export function isUnderWay({ state }: VoiceInstall): boolean {
  return state === "downloading" || state === "unpacking" || state === "starting";
}

/** Voices that sound like people: shown where there is none yet, and while one is being installed. */
export function useVoiceOffer(api: Api): VoiceOffer {
  const [catalogue, setCatalogue] = useState<VoiceCatalogue>();
  const [wish, setWish] = useState<Wish>(wasDeclined() ? "closed" : undefined);
  const { trouble, attempt } = useAttempt();
  const timer = useRef<ReturnType<typeof setTimeout>>(null);

  const look = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current ?? undefined);
    const known = await api.voiceCatalogue();
    setCatalogue(known);
    if (known.install && isUnderWay(known.install))
      timer.current = setTimeout(() => void attempt(look), POLL_MS);
  }, [api, attempt]);
  useEffect(() => {
    void attempt(look);
    return () => clearTimeout(timer.current ?? undefined);
  }, [attempt, look]);

  const change = (action: () => Promise<unknown>): Promise<boolean> =>
    attempt(async () => {
      await action();
      await look();
    });
  const choose = (): void => {
    setWish("choose");
    void attempt(look);
  };
  return {
    shown: catalogue && isShown(catalogue, wish) ? catalogue : undefined,
    trouble,
    install: (name) => {
      setWish("watch");
      return change(() => api.installVoice(name));
    },
    stop: () => change(() => api.stopInstall()),
    hear: (name) => attempt(async () => play(await api.voiceSample(name))),
    close: () => {
      setWish("closed");
      decline();
    },
    more: catalogue && catalogue.offered.length > 0 ? choose : undefined,
    isChoosing: wish === "choose",
  };
}

function isShown({ installed, offered, install }: VoiceCatalogue, wish: Wish): boolean {
  if (wish === "choose" || (install && isUnderWay(install))) return true;
  return wish !== "closed" && offered.length > 0 && (installed.length === 0 || install !== undefined);
}

/** Through an audio graph: the page's policy lets no media element play what is not its own. */
async function play(file: ArrayBuffer): Promise<void> {
  const context = new AudioContext();
  const source = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(file) });
  source.onended = () => void context.close();
  source.connect(context.destination);
  source.start();
}

function wasDeclined(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

function decline(): void {
  try {
    localStorage.setItem(KEY, "yes");
  } catch {
    // Then it is asked again next time.
  }
}
