// The one or two letters that stand for a name, whatever it is written in.

const characters = new Intl.Segmenter("en", { granularity: "grapheme" });
// What a name begins with is not always a letter: quotes, emoji, marks without a letter, marks of direction.
const READABLE = /^[\p{L}\p{N}]/u;
const UNSEEN = /[\p{C}\p{Z}\p{M}]/gu;

/**
 * The first letter of the first word and, where letters have capitals and there are several words, of the last one.
 * Letters of other scripts join or stand for a word, so one is enough. A name without letters is shown by its first
 * sign, and an empty one by a question mark.
 */
export function initials(name) {
  const words = name.split(/[\s@._-]+/u).map(firstLetter).filter(Boolean);
  const [first] = words;
  if (!first) return firstSign(name) || "?";
  const last = name.trim().includes(" ") && words.length > 1 ? words.at(-1) : "";
  return capital(first) + (hasCapital(first) && hasCapital(last) ? capital(last) : "");
}

function firstLetter(word) {
  return split(word).find((character) => READABLE.test(character)) ?? "";
}

/** With what joins an emoji's parts, but nothing that is unseen by itself. */
function firstSign(name) {
  return split(name).find((character) => character.replace(UNSEEN, "") !== "") ?? "";
}

function hasCapital(letter) {
  return letter.toLowerCase() !== letter.toUpperCase();
}

/** One letter: the capital of "ß" is two. */
function capital(letter) {
  return split(letter.toUpperCase())[0];
}

function split(text) {
  return Array.from(characters.segment(text), ({ segment }) => segment);
}
