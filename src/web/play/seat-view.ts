import type { ConnectionState, PlayerState, Spoken, StepState } from "../../client/index.ts";
import type { Sounds } from "../../core/protocol/table-settings.ts";
import type { ReadableCaption } from "./captions/caption.ts";
import type { Settings } from "./settings.ts";

/** What the player page shows. */
export interface SeatView extends Settings {
  connection: ConnectionState["name"];
  /** It was refused because the player is there with too many devices, and not for the link. */
  isCrowded: boolean;
  /** How long there has been no word from the table; undefined while there is a connection. */
  silentSeconds: number | undefined;
  sound: PlayerState;
  player: string | undefined;
  /** What is to be read by now. */
  captions: readonly ReadableCaption[];
  /** What is being said, heard or not; while something is said again here, that. */
  spoken: Spoken | undefined;
  /** It is said again, on this device alone. */
  isReplay: boolean;
  /** Lines that were said while this device was away, until somebody goes on from now. */
  missed: readonly string[];
  /** When the game master lets words appear, by the newest line. */
  reveal: ReadableCaption["reveal"];
  /** Which lines this player hears, on all devices; undefined: all. */
  sounds: Sounds | undefined;
  /** Whether this player's devices are the table's loudspeakers; undefined: it has none. */
  loudspeaker: boolean | undefined;
  /** The players whose devices are. */
  loudspeakers: readonly string[];
  /** This player's hand is raised, as far as this page has been told. */
  hand: boolean;
  /** What is being written to the game master. */
  draft: string;
  /** How well this device keeps step with the others. */
  step: StepState | undefined;
  /** Something that passes: who came, who left, what could not be played. */
  notice: string | undefined;
}

/** Before the table has said anything. */
export const FIRST_VIEW: Omit<SeatView, keyof Settings> = {
  connection: "connecting",
  isCrowded: false,
  silentSeconds: undefined,
  sound: "locked",
  player: undefined,
  captions: [],
  spoken: undefined,
  isReplay: false,
  missed: [],
  reveal: undefined,
  sounds: undefined,
  loudspeaker: undefined,
  loudspeakers: [],
  hand: false,
  draft: "",
  step: undefined,
  notice: undefined,
};
