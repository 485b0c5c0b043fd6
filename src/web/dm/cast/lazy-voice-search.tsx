import { useEffect, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { VoiceSearchProps } from "./voice-search.tsx";

/** The search for a voice, which is loaded when a sheet is opened. */
export function LazyVoiceSearch(props: VoiceSearchProps): JSX.Element {
  const [loaded, setLoaded] = useState<{ Search: (props: VoiceSearchProps) => JSX.Element }>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    import("./voice-search.tsx").then(
      ({ VoiceSearch }) => setLoaded({ Search: VoiceSearch }),
      () => setFailed(true),
    );
  }, []);
  if (loaded) return <loaded.Search {...props} />;
  return (
    <p class="small" role="status">
      {hasFailed ? "The list of voices could not be loaded: open this sheet again." : "Looking for voices…"}
    </p>
  );
}
