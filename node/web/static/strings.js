// What the chat says, by key, in the page's language; the texts are the node's catalogue of it.

export const LANGUAGE = document.documentElement.lang || "en";

const { TEXTS, TOLD } = await import(`./texts/${LANGUAGE}.js`);
const plural = new Intl.PluralRules(LANGUAGE);

// What is written from right to left, and what sets a direction.
const TURNS = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A value that keeps its direction to itself: what stands beside it in a sentence stays where it is. */
function isolated(value) {
  return TURNS.test(value) ? `\u2068${value}\u2069` : value;
}

/** The text of a key with its values put in; `n` chooses the plural form. */
export function text(key, values = {}) {
  const entry = TEXTS[key];
  const template = typeof entry === "string" ? entry : entry[plural.select(values.n)];
  return template.replace(/\{(\w+)\}/g, (_, name) => isolated(String(values[name])));
}

/** What an error means for the person before the screen: the node's own sentence, wherever it has one for people. */
export function errorText(error) {
  if (error.status === 0) return text("error.network");
  if (error.word === "internal" || error.status === 500) return error.code ? text("error.ours_code", { id: error.code }) : text("error.ours");
  if (error.word === "too-many-requests") return waitText(error.retryAfter);
  if (error.status > 500 && !error.detail) return text("error.busy");
  const words = error.detail || error.title;
  if (!words) return text("error.refused");
  return toldText(words) ?? (LANGUAGE === "en" ? sentence(words) : text("error.said", { words }));
}

/** A reason as somebody reads it who has asked for something. */
function sentence(words) {
  return words[0].toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? "" : ".");
}

/** What the API says in English, in the page's language; undefined where no catalogue knows it. */
export function toldText(words) {
  for (const [english, key] of TOLD) {
    const found = patternOf(english).exec(words);
    if (found) return text(key, found.groups);
  }
}

function patternOf(english) {
  const plain = english.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${plain.replace(/\{(\w+)\}/g, "(?<$1>.+?)")}$`, "su");
}

function waitText(seconds) {
  if (!seconds) return text("error.busy");
  return seconds < 60 ? text("error.wait_s", { n: seconds }) : text("error.wait_min", { n: Math.ceil(seconds / 60) });
}
