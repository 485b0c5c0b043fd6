import type { ResolvedRequest } from "../../request/resolved-request.ts";

/** What other processes are told of a line when it begins; it can be written as JSON. */
export interface BegunLine
  extends Pick<
    ResolvedRequest,
    | "id"
    | "to"
    | "speaker"
    | "context"
    | "priority"
    | "order"
    | "interrupt"
    | "sendText"
    | "reveal"
    | "speech"
    | "again"
    | "shown"
    | "service"
    | "stageDirections"
    | "cast"
  > {
  /** As it was given; undefined: it is still being written. */
  text: string | undefined;
  voice: Pick<ResolvedRequest["voice"], "voiceId" | "language" | "speed" | "pitch">;
  /** In the headers of its frames. */
  handle: number;
}

/** What others are told of a line. */
export function begunOf(request: ResolvedRequest, handle: number): BegunLine {
  const { id, to, speaker, context, priority, order, interrupt, sendText, reveal } = request;
  const { speech, again, shown, service, stageDirections, cast } = request;
  const { voiceId, language, speed, pitch } = request.voice;
  return {
    id,
    to,
    speaker,
    context,
    priority,
    order,
    interrupt,
    sendText,
    reveal,
    speech,
    again,
    shown,
    service,
    stageDirections,
    cast,
    text: typeof request.text === "string" ? request.text : undefined,
    voice: { voiceId, language, speed, pitch },
    handle,
  };
}

/** The request of a line that is made elsewhere: nobody here reads its text, or speaks it. */
export function followedRequest({ text, handle: _, ...begun }: BegunLine): ResolvedRequest {
  const voice: ResolvedRequest["voice"] = { outputFormat: "wav", extra: {}, ...begun.voice };
  return {
    ...begun,
    text: text ?? written(),
    turn: { priority: begun.priority, order: begun.order },
    voice,
    voiceNamed: () => voice,
    known: () => undefined,
    spoken: () => undefined,
    problems: [],
  };
}

/** Of a text that is written elsewhere the sentences come one by one. */
async function* written(): AsyncGenerator<string, void, undefined> {}
