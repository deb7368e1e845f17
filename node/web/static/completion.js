// What a word that is being written may become: an emoji after a colon, a member after an @; and who is no member.

import { hostOf, membersIn, nameOf } from "./views.js";

const MOST = 6;
const WORD = /(?:^|[\s(])([:@][^\s:]*)$/;
const LEAST = { ":": 2, "@": 0 };
const HANDLE = /(?:^|[\s(])@([\w.-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+)/gu;

/** The word before the caret that can be completed: {sign, asked, from}, or null. */
export function wordAt(text, caret) {
  const found = WORD.exec(text.slice(0, caret));
  if (!found) return null;
  const [sign, asked] = [found[1][0], found[1].slice(1)];
  return asked.length < LEAST[sign] ? null : { sign, asked, from: caret - found[1].length };
}

/** What it may become: [{label, detail, insert}], the best first; `findEmoji` is that of emoji.js. */
export function suggestionsFor({ sign, asked }, conversation, me, findEmoji) {
  if (sign === ":") {
    return findEmoji(asked, MOST).map(({ emoji, words }) => ({ label: emoji, detail: words.slice(0, 2).join(" "), insert: emoji }));
  }
  const begins = (words) => words.toLowerCase().startsWith(asked.toLowerCase());
  const isMeant = (person) => begins(person.acct) || nameOf(person).split(/\s+/).some(begins);
  return membersIn(conversation)
    .filter((person) => person.uri !== me?.uri && !person.deleted && isMeant(person))
    .slice(0, MOST)
    .map((person) => ({ label: nameOf(person), detail: person.acct, insert: `@${person.acct}` }));
}

/** The handles in a text that name nobody in a conversation. Writing a handle adds nobody. */
export function strangersIn(text, conversation) {
  const known = new Set(conversation.members.map((person) => person.acct.toLowerCase()));
  const named = Array.from(text.matchAll(HANDLE), (found) => found[1].replace(/\.$/, ""));
  return [...new Set(named)].filter((acct) => hostOf(acct) && !known.has(acct.toLowerCase()));
}
