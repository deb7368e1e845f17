// Times, sizes and lists of names in the reader's language and zone.

import { LANGUAGE, text } from "./strings.js";

const clock = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(LANGUAGE, { weekday: "long" });
const date = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "long" });
const fullDate = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "long", year: "numeric" });
const shortDate = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short" });
const complete = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "full", timeStyle: "short" });
const dayAndTime = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" });
const list = new Intl.ListFormat(LANGUAGE, { type: "conjunction" });

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];
const DAY_MS = 24 * 60 * 60 * 1000;

export function clockTime(at) {
  return clock.format(new Date(at));
}

export function completeTime(at) {
  return complete.format(new Date(at));
}

/** Today, yesterday, the weekday within a week, else the date. */
export function dayName(at, now) {
  const days = daysBetween(at, now);
  if (days === 0) return text("day.today");
  if (days === 1) return text("day.yesterday");
  const then = new Date(at);
  if (days > 0 && days < 7) return weekday.format(then);
  return (then.getFullYear() === now.getFullYear() ? date : fullDate).format(then);
}

/** The time when it was today, else the day in few letters. */
export function shortTime(at, now) {
  const days = daysBetween(at, now);
  if (days === 0) return clockTime(at);
  if (days === 1) return text("day.yesterday");
  return shortDate.format(new Date(at));
}

/** The time when it was today, else the day and the time. */
export function recentTime(at, now) {
  return daysBetween(at, now) === 0 ? clockTime(at) : dayAndTime.format(new Date(at));
}

/** The day and the time, the same whenever it is read. */
export function dayAndTimeOf(at) {
  return dayAndTime.format(new Date(at));
}

/** The day, the same whenever it is read. */
export function dateOf(at) {
  return fullDate.format(new Date(at));
}

/** A size in bytes, in the unit that makes it a small number; a MB is what it is in the node's configuration. */
export function fileSize(bytes) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const shown = new Intl.NumberFormat(LANGUAGE, {
    style: "unit",
    unit: UNITS[power],
    unitDisplay: power ? "short" : "long",
    maximumFractionDigits: power > 1 ? 1 : 0,
  });
  return shown.format(bytes / 1024 ** power);
}

/** "a, b and c". */
export function joinNames(names) {
  return list.format(names);
}

function daysBetween(at, now) {
  const midnight = (when) => new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();
  return Math.round((midnight(now) - midnight(new Date(at))) / DAY_MS);
}
