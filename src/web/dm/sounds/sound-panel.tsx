import { useEffect, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Panel } from "../panels/panel.tsx";
import type { SoundDeskProps } from "./sound-desk.tsx";

/** The sound of the place; what is in it is loaded when it is first opened. */
export function SoundPanel(props: SoundDeskProps & { isShown: boolean; onClose: () => void }): JSX.Element {
  const { isShown, onClose, ...desk } = props;
  const [loaded, setLoaded] = useState<{ Desk: (props: SoundDeskProps) => JSX.Element }>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    if (!isShown || loaded) return;
    import("./sound-desk.tsx").then(
      ({ SoundDesk }) => setLoaded({ Desk: SoundDesk }),
      () => setFailed(true),
    );
  }, [isShown]);
  return (
    <Panel name="sound" title="Sounds" onClose={onClose}>
      {loaded ? (
        <loaded.Desk key="desk" {...desk} />
      ) : (
        <p key="none" class="small" role="status">
          {hasFailed ? "The sounds could not be loaded: open this again." : "Looking for sounds…"}
        </p>
      )}
    </Panel>
  );
}
