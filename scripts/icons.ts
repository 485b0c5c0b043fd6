/**
 * Draws the icons that phones want as PNG from `src/web/icon.svg`: `bun scripts/icons.ts`. What it writes is kept in the
 * repository; run it again where the drawing has changed.
 * @module
 */
import { readFile, writeFile } from "node:fs/promises";
import { crc32, deflateSync } from "node:zlib";
import { chromium, type Page } from "playwright-core";

const WEB = new URL("../src/web/", import.meta.url);
/** By name: the width, and how much of it the drawing takes. A mask may take away all but the middle 80 %. */
const ICONS = [
  { name: "icon-192.png", size: 192, drawn: 1 },
  { name: "icon-512.png", size: 512, drawn: 1 },
  { name: "icon-maskable-512.png", size: 512, drawn: 0.72 },
] as const;
/** Of a picture with 4 bits a pixel. */
const COLOURS = 16;

type Colour = readonly [red: number, green: number, blue: number];

/** The pixels of the drawing on its own ground, which has no corners: devices cut them as they like. */
async function draw(page: Page, svg: string, size: number, drawn: number): Promise<number[]> {
  return page.evaluate(
    async ([source, width, share]) => {
      const image = new Image();
      image.src = `data:image/svg+xml;base64,${btoa(source)}`;
      await image.decode();
      const canvas = new OffscreenCanvas(width, width).getContext("2d");
      if (!canvas) throw new Error("there is no canvas");
      canvas.fillStyle = /<rect[^>]*fill="([^"]+)"/.exec(source)?.[1] ?? "#000";
      canvas.fillRect(0, 0, width, width);
      const margin = (width * (1 - share)) / 2;
      canvas.drawImage(image, margin, margin, width * share, width * share);
      return [...canvas.getImageData(0, 0, width, width).data];
    },
    [svg, size, drawn] as const,
  );
}

/** The drawing's own colours, and what lies between the first and each of the others at its edges. */
function paletteOf(svg: string): Colour[] {
  const own = [...svg.matchAll(/fill="#(\w\w)(\w\w)(\w\w)"/g)].map(
    ([, ...parts]): Colour => parts.map((part) => Number.parseInt(part, 16)) as unknown as Colour,
  );
  const steps = Math.floor((COLOURS - own.length) / (own.length - 1));
  const between = own.slice(1).flatMap((colour, index) =>
    Array.from({ length: steps }, (_, step) => {
      const before = own[index] as Colour;
      return colour.map((part, at) => {
        const from = before[at] ?? 0;
        return Math.round(from + ((part - from) * (step + 1)) / (steps + 1));
      }) as unknown as Colour;
    }),
  );
  return [...own, ...between];
}

/** A PNG of 4 bits a pixel, each the nearest colour of a palette. @see https://www.w3.org/TR/png-3/ */
function encode(pixels: readonly number[], size: number, palette: readonly Colour[]): Buffer {
  const rows = Buffer.alloc(size * (1 + size / 2));
  for (let at = 0; at < size * size; at++) {
    const colour = palette.map((each) =>
      each.reduce((sum, part, i) => sum + (part - (pixels[at * 4 + i] ?? 0)) ** 2, 0),
    );
    const nearest = colour.indexOf(Math.min(...colour));
    const x = at % size;
    const byte = Math.floor(at / size) * (1 + size / 2) + 1 + (x >> 1);
    rows[byte] = (rows[byte] ?? 0) | (x % 2 === 0 ? nearest << 4 : nearest);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([4, 3], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flat())),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

const svg = await readFile(new URL("icon.svg", WEB), "utf8");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
for (const { name, size, drawn } of ICONS) {
  const png = encode(await draw(page, svg, size, drawn), size, paletteOf(svg));
  await writeFile(new URL(name, WEB), png);
  console.log(`${name}: ${png.length} bytes`);
}
await browser.close();
