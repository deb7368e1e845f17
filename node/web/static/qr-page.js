// What a page tells as text to be copied, a camera reads as well.

import { qrImage } from "./qr.js";

for (const place of document.querySelectorAll("[data-qr]")) {
  const image = qrImage(place.dataset.qr, place.dataset.name);
  if (image) place.replaceChildren(image);
}
