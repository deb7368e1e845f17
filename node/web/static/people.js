// People as they are listed, named by what was typed, and said to take part; no DOM.

import { text } from "./strings.js";
import { joinNames } from "./times.js";
import { hostOf } from "./views.js";

// From here on some software loses messages: each names all others and the group.
const MANY = 20;
// How many a conversation has at most, oneself included.
const MOST = { group: 1000, mixed: 50, direct: 50 };
const ROLES = ["member", "moderator", "admin"];
const DOORS = {
  writing: { asks: "fit.writing_asks", closed: "fit.writing_closed" },
  inviting: { asks: "fit.inviting_asks", closed: "fit.inviting_closed" },
};
const HANDLE = /^@?([^@\s/]+)@([^@\s/]+)$/;
// How other servers write the page of a person: /@ana, /users/ana, /u/ana, /profile/ana.
const PAGE = /^\/(?:@|(?:users|u|profile|accounts)\/)([^/@]+)(?:@([^/@]+))?\/?$/;

/** The full address in what somebody typed or pasted, a handle or the link of a profile; "" where there is none. */
export function addressIn(typed) {
  const words = typed.trim();
  const handle = HANDLE.exec(words);
  if (handle) return `${handle[1]}@${handle[2]}`;
  if (!/^https?:\/\//i.test(words) || !URL.canParse(words)) return "";
  const url = new URL(words);
  const page = PAGE.exec(url.pathname);
  return page ? `${page[1]}@${page[2] ?? url.host}` : "";
}

/** Where somebody's profile is. */
export function profilePath(acct) {
  return `/chat/people/${encodeURIComponent(acct).replace("%40", "@")}`;
}

/** Those who follow each other first, then in the order they have. */
export function mutualFirst(people) {
  return [...people.filter((person) => person.mutual), ...people.filter((person) => !person.mutual)];
}

/** Whether this person may invite there: the setting names the lowest role that may. */
export function mayInvite(conversation, me) {
  const own = conversation.members.find((member) => member.uri === me?.uri);
  return ROLES.indexOf(own?.role) >= ROLES.indexOf(conversation.settings.invite ?? "moderator");
}

/** A server's software as people write it. */
export function softwareName(software) {
  return software ? software[0].toUpperCase() + software.slice(1) : "";
}

/** Where somebody is, and what their server runs if that is known. */
export function serverText({ acct, host = hostOf(acct), software }) {
  return software ? text("person.server", { host, software: softwareName(software) }) : text("request.server", { host });
}

/** How somebody takes what we write to them, or an invitation ("writing", "inviting"), in words; "" for: gladly. */
export function doorText(person, what) {
  const key = DOORS[what][person[what]];
  return key ? text(key, { name: calledName(person) }) : "";
}

function calledName({ name, acct }) {
  return name || acct;
}

/** How somebody will see a conversation of ours, and takes that we begin it; "" where there is nothing to know. */
export function fitText(person, { isGroup = false } = {}) {
  return doorText(person, isGroup ? "inviting" : "writing") || softwareText(person);
}

/** What somebody's software makes of what we write; "" where there is nothing to know. */
export function softwareText({ aware, software, acct }) {
  if (aware !== false) return "";
  return software
    ? text("fit.unaware", { acct, software: softwareName(software) })
    : text("fit.unknown", { acct });
}

/** What keeps these people, oneself not counted, from being in one conversation; "" for nothing. */
export function obstacleText(people, { isGroup = true } = {}) {
  const alone = people.length > 1 ? people.find((person) => person.takes_one) : undefined;
  if (alone) return text("fit.takes_one", { name: calledName(alone) });
  const refused = refusedText(people, isGroup);
  if (refused) return refused;
  const all = people.length + 1;
  if (!isGroup) return all > MOST.direct ? text("fit.direct_full", { n: MOST.direct }) : "";
  const isMixed = people.some((person) => person.aware === false);
  if (isMixed && all > MOST.mixed) return text("fit.too_many", { n: MOST.mixed });
  return all > MOST.group ? text("fit.full", { n: MOST.group }) : "";
}

/** Who takes nothing of the kind keeps a group from beginning; a direct conversation only if all of them do. */
function refusedText(people, isGroup) {
  const closed = people.filter((person) => person[isGroup ? "inviting" : "writing"] === "closed");
  if (!closed.length || (!isGroup && closed.length < people.length)) return "";
  if (!isGroup) return closed.length > 1 ? text("fit.all_closed") : doorText(closed[0], "writing");
  const [only] = people;
  if (people.length === 1 && only.writing !== "closed") return text("fit.write_instead", { name: calledName(only) });
  return text("fit.no_invitation", { n: closed.length, names: joinNames(closed.map(calledName)) });
}

/** What becomes of a first message to these people, a sentence for each way in which it is taken. */
export function takenTexts(people) {
  if (!people.length) return [text("new.taken_by_choice")];
  const takers = (way) => people.filter((person) => (person.writing ?? "unknown") === way);
  const said = (key, those) => (those.length ? [text(key, { n: those.length, names: joinNames(those.map(calledName)) })] : []);
  const [open, asks, closed] = ["open", "asks", "closed"].map(takers);
  if (open.length === people.length) return [text("new.taken_at_once")];
  if (closed.length === people.length) return [];
  return [...said("new.taken_as_request", asks), ...said("new.taken_never", closed), ...said("new.taken_unknown", takers("unknown"))];
}

/** What is to be known of so many people, oneself not counted; "" for nothing. */
export function sizeText(people) {
  const all = people.length + 1;
  const isLost = people.some((person) => person.aware === false && person.people_max && person.people_max <= all);
  return isLost && all >= MANY ? text("fit.many", { n: all }) : "";
}
