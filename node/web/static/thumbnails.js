// A file that is a picture is drawn small: the page may show no address but this node's, and a file has none.

import { h } from "./dom.js";

/** Draw the middle of a picture into a place, a square of so many pixels; what is no picture leaves the place as it is. */
export async function drawSmall(file, place, side) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return;
  const scale = Math.max(side / picture.width, side / picture.height);
  const canvas = h("canvas", { width: side, height: side });
  const [width, height] = [picture.width * scale, picture.height * scale];
  canvas.getContext("2d").drawImage(picture, (side - width) / 2, (side - height) / 2, width, height);
  picture.close();
  place.replaceChildren(canvas);
}
