// The one colour that stands for a picture before it is there: the mean that a blurhash begins with.

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
const MEAN = { from: 2, to: 6 };

/** The mean colour as CSS writes it; "" for what is no blurhash. */
export function meanColour(blurhash) {
  let value = 0;
  for (const digit of (blurhash ?? "").slice(MEAN.from, MEAN.to)) {
    if (!DIGITS.includes(digit)) return "";
    value = value * DIGITS.length + DIGITS.indexOf(digit);
  }
  return blurhash ? `#${(value & 0xffffff).toString(16).padStart(6, "0")}` : "";
}
