import { encode } from "uqr";
import { fileName, saveFile } from "../save-file.ts";

/** Pixels of one module, and modules of quiet around the code. */
const MODULE = 12;
const BORDER = 4;
const NAME_HEIGHT = 72;

/** Saves a link's code as a picture, with the name below it. */
export async function savePicture(name: string, link: string): Promise<void> {
  const { data, size } = encode(link, { ecc: "M", border: BORDER });
  const canvas = document.createElement("canvas");
  canvas.width = size * MODULE;
  canvas.height = size * MODULE + NAME_HEIGHT;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser draws no pictures");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  for (const [y, row] of data.entries()) {
    for (const [x, dark] of row.entries()) {
      if (dark) context.fillRect(x * MODULE, y * MODULE, MODULE, MODULE);
    }
  }
  context.font = "600 40px serif";
  context.textAlign = "center";
  context.fillText(name, canvas.width / 2, canvas.height - NAME_HEIGHT / 2, canvas.width - 2 * MODULE);
  const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (picture) saveFile(fileName(name, "png"), [picture], "image/png");
}
