import { useRef, useState } from "hono/jsx/dom";
import type { SpeakRequest } from "../../../core/protocol/speak-request.ts";
import type { Api } from "../api.ts";
import { useAttempt } from "../use-attempt.ts";

export interface Preview {
  /** `making`: it is on its way. */
  state: "quiet" | "making" | "sounding";
  trouble: string | undefined;
  /** Lets this computer, and nobody else, hear a line; call it in a tap. @param engine the one that has to speak it */
  hear: (line: SpeakRequest, engine?: string) => Promise<void>;
  stop: () => void;
}

/** A line on the game master's own loudspeaker. */
export function usePreview(api: Api): Preview {
  const [state, setState] = useState<Preview["state"]>("quiet");
  const context = useRef<AudioContext | undefined>(undefined);
  const current = useRef<AbortController | undefined>(undefined);
  const { trouble, attempt } = useAttempt();

  const stop = (): void => {
    current.current?.abort();
    current.current = undefined;
    setState("quiet");
  };
  const hear = async (line: SpeakRequest, engine?: string): Promise<void> => {
    stop();
    const asked = new AbortController();
    current.current = asked;
    context.current ??= new AudioContext();
    const audio = context.current;
    void audio.resume();
    setState("making");
    await attempt(async () => {
      const wav = await api.preview(line, asked.signal, engine).catch((error) => {
        if (!asked.signal.aborted) throw error;
      });
      if (!wav || asked.signal.aborted) return;
      const source = new AudioBufferSourceNode(audio, { buffer: await audio.decodeAudioData(wav) });
      if (asked.signal.aborted) return;
      source.connect(audio.destination);
      asked.signal.addEventListener("abort", () => source.stop());
      source.onended = () => {
        if (current.current === asked) stop();
      };
      source.start();
      setState("sounding");
    });
    // It has failed.
    if (current.current === asked) setState((now) => (now === "making" ? "quiet" : now));
  };
  return { state, trouble, hear, stop };
}
