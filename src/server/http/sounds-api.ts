import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { BardcastError } from "../../core/errors.ts";
import { parseInput } from "../../core/protocol/messages.ts";
import {
  hitSchema,
  playBedSchema,
  soundMeasureSchema,
  soundNameSchema,
  soundVolumesSchema,
  stopBedsSchema,
} from "../../core/protocol/sound-schemas.ts";
import type { SoundsStatus } from "../../core/protocol/sounds.ts";
import { requireOneProcess } from "../../party/cluster/one-process.ts";
import type { Party } from "../../party/party.ts";
import { MAX_SOUND_BYTES } from "../../party/sounds/inspect-sound.ts";
import { typeOf } from "../../party/sounds/sound-library.ts";
import { rangeOf } from "../network/byte-range.ts";
import { type ClaimsEnv, requiring } from "./authorize.ts";
import { bodyInTime } from "./body-in-time.ts";
import { json } from "./json-body.ts";

/** A file that is uploaded comes over a network at home. */
const UPLOAD_WITHIN_MS = 120_000;
/** Files held in memory while they come. */
const MAX_UPLOADS = 2;

/** What whoever listens may fetch: the bytes of one file, in ranges; a device keeps them, since they never change. */
export function addSoundFiles(api: Hono<ClaimsEnv>, party: Party): void {
  api.get("/sounds/:id/file", requiring("listen"), async (c) => {
    party.requireRights(c.get("claims"));
    const { library } = party.sounds;
    const id = c.req.param("id");
    const sound = library.known.find((each) => each.id === id) ?? (await library.find(id));
    if (sound?.id !== id) throw new BardcastError("not-found", "there is no such sound");
    const range = rangeOf(c.req.header("Range"), sound.bytes);
    const headers = {
      "Content-Type": typeOf(sound),
      // A page that is led there is to keep it, not to show it.
      "Content-Disposition": "attachment",
      "Cache-Control": "private, max-age=31536000, immutable",
      "Accept-Ranges": "bytes",
      ETag: `"${id}"`,
    };
    if (range === "unsatisfiable")
      return c.body(null, 416, { "Content-Range": `bytes */${sound.bytes}`, "Accept-Ranges": "bytes" });
    const { from, to } = range ?? { from: 0, to: sound.bytes };
    const lengths = {
      "Content-Length": String(to - from),
      ...(range ? { "Content-Range": `bytes ${from}-${to - 1}/${sound.bytes}` } : {}),
    };
    return c.body(await library.read(id, from, to), range ? 206 : 200, { ...headers, ...lengths });
  });
}

/** The game master's desk of sounds. @param limited refuses bodies of JSON that are too large */
export function createSoundsApi(party: Party, limited: MiddlewareHandler): Hono<ClaimsEnv> {
  const api = new Hono<ClaimsEnv>();
  const desk = party.sounds;
  const status = async (c: Context<ClaimsEnv>): Promise<Response> => {
    await party.store.saved();
    return c.json<SoundsStatus>(await desk.status());
  };
  /** What is in a body, of who may still ask: it may have taken its time. */
  const asked = async (c: Context<ClaimsEnv>): Promise<unknown> => {
    const body = await json(c.req.raw);
    party.requireRights(c.get("claims"));
    return body;
  };

  api.get("/", status);
  api.post("/", tooLarge, createUpload(party));
  api.delete("/:id", async (c) => {
    await desk.remove(c.req.param("id"));
    return status(c);
  });
  api.put("/:id/measure", limited, async (c) => {
    await desk.measure(c.req.param("id"), parseInput(soundMeasureSchema, await asked(c)));
    return status(c);
  });
  api.post("/play", limited, async (c) => {
    await desk.play(parseInput(playBedSchema, await asked(c)));
    return status(c);
  });
  api.post("/stop", limited, async (c) => {
    desk.stop(parseInput(stopBedsSchema, await asked(c)));
    return status(c);
  });
  api.post("/hit", limited, async (c) => {
    const hit = parseInput(hitSchema, await asked(c));
    if (hit.to !== "all") party.requireSeats(hit.to);
    return c.json({ sent: await desk.hit(hit) });
  });
  api.put("/volumes", limited, async (c) => {
    const volumes = parseInput(soundVolumesSchema, await asked(c));
    party.requireSeats(Object.keys(volumes.players ?? {}));
    desk.setVolumes(volumes);
    return status(c);
  });
  return api;
}

const tooLarge: MiddlewareHandler = bodyLimit({
  maxSize: MAX_SOUND_BYTES,
  onError: () => {
    throw new BardcastError("payload-too-large", `a sound has ${MAX_SOUND_BYTES / 2 ** 20} MiB at most`);
  },
});

function createUpload(party: Party): (c: Context<ClaimsEnv>) => Promise<Response> {
  let underWay = 0;
  return async (c) => {
    // Each has a folder of its own.
    requireOneProcess(party, "a sound is uploaded");
    const { name } = parseInput(soundNameSchema, c.req.query());
    if (underWay >= MAX_UPLOADS)
      throw new BardcastError(
        "busy",
        `${MAX_UPLOADS} sounds are coming already: try again when one is there`,
        {
          retryable: true,
        },
      );
    underWay += 1;
    try {
      const bytes = new Uint8Array(await bodyInTime(c.req.raw.arrayBuffer(), UPLOAD_WITHIN_MS));
      party.requireRights(c.get("claims"));
      const { sound, isNew } = await party.sounds.library.add(name, bytes);
      return c.json(sound, isNew ? 201 : 200);
    } finally {
      underWay -= 1;
    }
  };
}
