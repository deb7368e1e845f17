// What is asked of a search: words, and by whom, where, when and with what something was said. No DOM, no clock.
//
// asked   {name, value, raw?}: one of NAMES and what was written behind it; `raw` is how it stands in the field, where it does
// filter  the same, once it is known what is meant: a value is an address, an id, a day as 2026-11-01, "file" or "link"

export const NAMES = ["from", "in", "before", "after", "has"];
const KINDS = ["file", "link"];
const ME = "me";
// A phone writes others than those of a keyboard.
const PART = /(?:[^\s"“”„]|["“”„][^"“”„]*["“”„]?)+/gu;
const QUOTES = /["“”„]/gu;
const ADDRESS = /^@?([^\s@/]+@[^\s@/]+\.[^\s@/]+)$/u;
const DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const GERMAN_DAY = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;

/** What a word of a filter means: itself, or what `spoken` says of it; undefined where it means none of `known`. */
function meant(word, known, spoken) {
  const lower = word.toLowerCase();
  const meaning = known.includes(lower) ? lower : spoken[lower];
  return known.includes(meaning) ? meaning : undefined;
}

/**
 * Part what is written into words and filters: `{words, asked}`.
 *
 * `spoken` are words of the reader's language with the English ones that they stand for. What has blanks stands in quotes.
 */
export function parse(written, spoken = {}) {
  const words = [];
  const asked = [];
  for (const [raw] of written.matchAll(PART)) {
    const colon = raw.indexOf(":");
    const name = meant(raw.slice(0, Math.max(colon, 0)), NAMES, spoken);
    if (name) asked.push({ name, value: raw.slice(colon + 1).replace(QUOTES, "").trim(), raw });
    else words.push(raw);
  }
  return { words: words.join(" "), asked };
}

/** What was written without one of its filters. */
export function without(written, { raw }) {
  const parts = written.match(PART) ?? [];
  return parts.filter((part) => part !== raw).join(" ");
}

/**
 * Find out what is meant: `{filters, wrong}`. Of two of a name the later one counts, but both things that a message has.
 *
 * `people` are {acct, name}, `rooms` {id, title, acct}, where `acct` is of the only other person in it. `me` is one's own
 * address. What nobody can mean is in `wrong` as it was asked; what has no value yet is left out.
 */
export function settle(asked, { people = [], rooms = [], me = "", spoken = {} }) {
  const settled = new Map();
  const wrong = [];
  const means = {
    from: (value) => personOf(value, people, me, spoken),
    in: (value) => roomOf(value, rooms),
    before: dayOf,
    after: dayOf,
    has: (value) => meant(value, KINDS, spoken),
  };
  for (const one of asked.filter(({ value }) => value)) {
    const value = means[one.name](one.value);
    if (!value) wrong.push(one);
    else settled.set(one.name === "has" ? `has ${value}` : one.name, { ...one, value });
  }
  return { filters: [...settled.values()], wrong };
}

/** What the node is asked, as a query string; a day begins where its reader is. */
export function queryOf(words, filters) {
  const told = filters.map(({ name, value }) => [name, DAY.test(value) ? beginningOf(value).toISOString() : value]);
  return String(new URLSearchParams([["q", words], ...told]));
}

/** The moment at which a day begins here. */
export function beginningOf(day) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

/** The address of somebody by their address, or by a name that only one of them has. */
function personOf(value, people, me, spoken) {
  if (meant(value, [ME], spoken)) return me;
  const [, address] = ADDRESS.exec(value) ?? [];
  if (address) return address;
  const name = value.replace(/^@/, "").toLowerCase();
  const same = people.filter((one) => one.acct.split("@")[0].toLowerCase() === name || one.name?.toLowerCase() === name);
  return same.length === 1 ? same[0].acct : undefined;
}

/** A conversation by its id, or by what only one of them is called, or only one begins with. */
function roomOf(value, rooms) {
  const name = value.replace(/^@/, "").toLowerCase();
  const isCalled = ({ id, title, acct }) => id === value || title.toLowerCase() === name || acct?.toLowerCase() === name;
  const same = rooms.filter(isCalled);
  const found = same.length ? same : rooms.filter(({ title }) => title.toLowerCase().startsWith(name));
  return found.length === 1 ? found[0].id : undefined;
}

/** A day as 2026-11-01; undefined where there is no such day. */
function dayOf(value) {
  const [, date, month, year] = GERMAN_DAY.exec(value) ?? [];
  const parts = year ? [year, month, date] : DAY.exec(value)?.slice(1);
  if (!parts) return undefined;
  const day = `${parts[0]}-${parts[1].padStart(2, "0")}-${parts[2].padStart(2, "0")}`;
  const found = beginningOf(day);
  const isThere = found.getFullYear() === Number(parts[0]) && found.getMonth() + 1 === Number(parts[1]);
  return isThere && Number(parts[0]) >= 1000 ? day : undefined;
}
