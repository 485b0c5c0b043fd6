import { useEffect, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { type Place, socketUrl } from "../../shared/place.ts";
import { Panel } from "../panels/panel.tsx";
import type { TuningProps } from "./tuning-body.tsx";

/** Tuning the room, beside the table; what is in it is loaded when it is opened. */
export function TunePanel(props: {
  place: Place;
  players: TuningProps["players"];
  onBack: () => void;
  onClose: () => void;
}): JSX.Element {
  const [loaded, setLoaded] = useState<{ Body: (props: TuningProps) => JSX.Element }>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    import("./tuning-body.tsx").then(
      ({ TuningBody }) => setLoaded({ Body: TuningBody }),
      () => setFailed(true),
    );
  }, []);
  return (
    <Panel
      name="table"
      title="Tune the room"
      back={{ words: "Table", onBack: props.onBack }}
      onClose={props.onClose}
    >
      {loaded ? (
        <loaded.Body socket={socketUrl(props.place)} players={props.players} />
      ) : (
        <p class="small" role="status">
          {hasFailed ? "This could not be loaded: load the page again." : "One moment…"}
        </p>
      )}
    </Panel>
  );
}
