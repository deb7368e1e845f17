// Every text of the chat, by key, in English: the catalogue that other languages stand beside.

export const LANGUAGE = document.documentElement.lang || "en";

const plural = new Intl.PluralRules(LANGUAGE);

// A text with a number is a table by plural form; {n} is that number.
const TEXTS = {
  "app.connection.lost": "No connection. Messages wait here.",
  "app.settings": "Settings",
  "app.sign_out": "Sign out",
  "app.signed_in_as": "Signed in as {acct}",
  "app.choose": "Choose a conversation, or start one.",
  "app.not_found": "This conversation is not here. It may belong to another account.",
  "app.title": "Covey",
  "app.loading": "Loading…",

  "list.label": "Conversations",
  "list.new": "New conversation",
  "list.empty": "No conversations yet. Invite people to a group, or write to one of them, by their full address, like ana@example.org.",
  "list.begin": "Start a conversation",
  "list.invitations": "Invitations",
  "list.requests": "Requests",
  "list.you": "You: {text}",
  "list.author": "{name}: {text}",
  "list.unread": { one: "{n} unread message", other: "{n} unread messages" },
  "list.no_messages": "No messages yet",
  "list.left": "You are no longer here",
  "list.joining": "Waiting to be let in",
  "list.invited_by": "Invited by {name}",
  "list.request_from": "Request from {acct}",
  "list.request_title": "Message request",
  "list.request_title_group": "Invitation to a group",

  "title.more": { one: "{names} and {n} more", other: "{names} and {n} more" },
  "title.alone": "Only you",

  "room.label": "Conversation {title}",
  "room.messages": "Messages",
  "room.back": "Back to the conversations",
  "room.details": "Members and details",
  "room.members": { one: "{n} member", other: "{n} members" },
  "room.member_count_invited": { one: "{members}, {n} invited", other: "{members}, {n} invited" },
  "room.new": { one: "{n} new message", other: "{n} new messages" },
  "room.to_newest": "To the newest message",
  "room.begins": "The conversation begins here.",
  "room.nobody_yet": {
    one: "Only invited people can read here. {n} invitation is out.",
    other: "Only invited people can read here. {n} invitations are out.",
  },
  "room.only_invited": "Only invited people can read here.",
  "room.loading_older": "Loading older messages…",
  "room.left": "You have left this group. Older messages stay here.",
  "room.removed": "You are no longer in this group. Older messages stay here.",
  "room.closed": "This conversation is closed. Older messages stay here.",
  "room.account_ended": "Somebody here has deleted their account. Write to the others in a new conversation.",
  "room.joining": "You have accepted. {host} has not confirmed it yet; you can write as soon as it does.",
  "room.unknown_mode": "This page cannot write into a conversation of this kind.",
  "room.readable": "Readable by the administrators of {hosts}.",
  "room.readable_more": {
    one: "Readable by the administrators of {hosts} and {n} more.",
    other: "Readable by the administrators of {hosts} and {n} more.",
  },

  "composer.label": "Write a message",
  "composer.send": "Send",
  "composer.too_long": { one: "Too long by {n} character.", other: "Too long by {n} characters." },

  "message.you": "You",
  "message.edited": "edited",
  "message.deleted": "This message was deleted.",
  "message.unreadable": "This message cannot be read here.",
  "message.fetched": "fetched from {host}",
  "message.relayed": "relayed by {host}, not verifiable",
  "message.announce": "{name}: {text}",

  "delivery.sending": "sending",
  "delivery.sent": "sent",
  "delivery.delivered": "delivered",
  "delivery.waiting": "waiting for {host}",
  "delivery.waiting_more": { one: "waiting for {host} and {n} more", other: "waiting for {host} and {n} more" },
  "delivery.refused": "refused by {host}",
  "delivery.refused_reason": "refused by {host}: {reason}",
  "delivery.failed": "not delivered to {host}",
  "delivery.failed_reason": "not delivered to {host}: {reason}",
  "delivery.not_sent": "not sent",
  "delivery.retry": "Try again",
  "delivery.discard": "Delete",

  "invitation.heading": "{name} invites you",
  "invitation.to": "to “{title}”",
  "invitation.to_untitled": "to a group without a name",
  "invitation.request_heading": "Somebody you don’t know invites you",
  "invitation.from": "From {acct}",
  "invitation.size": { one: "{n} person is in this group.", other: "{n} people are in this group." },
  "invitation.promise": "You are not a member unless you accept. Declining tells nobody why.",
  "invitation.show": "Show",
  "invitation.accept": "Accept",
  "invitation.decline": "Decline",
  "invitation.unknown": "somebody",

  "person.deleted": "Deleted account",

  "departure.moved": "{name} moved to {acct}. That account is not a member; invite it if you want.",
  "departure.moved_direct": "{name} moved to {acct}.",
  "departure.deleted": "{acct} has deleted their account. What they wrote is gone.",

  "request.heading": "Somebody you don’t know writes to you",
  "request.heading_more": {
    one: "Somebody you don’t know writes to you and {n} more",
    other: "Somebody you don’t know writes to you and {n} more",
  },
  "request.server": "On the server {host}",
  "request.also": "Also to {names}",
  "request.waiting": { one: "{n} message waits.", other: "{n} messages wait." },
  "request.promise": "Nobody learns that you have read this. Declining tells nobody.",

  "details.label": "Details",
  "details.close": "Close the details",
  "details.people": "People",
  "details.invite": "Invite by full address",
  "details.invite_button": "Invite",
  "details.invite_sent": "The invitation to {acct} is on its way.",
  "details.who_reads": "Who can read",
  "details.reads": "Messages are stored by {hosts}. Their administrators can read them.",
  "details.leave": "Leave this group",
  "details.leave_sure": "Leave for good? Nothing more will reach you from this group.",
  "details.leave_yes": "Leave",
  "details.cancel": "Cancel",
  "details.you": "you",
  "details.state.invited": "invited",
  "details.state.requested": "invited",
  "details.state.joining": "joining",
  "details.state.joined": "member",
  "details.role.admin": "admin",
  "details.role.moderator": "moderator",
  "details.legacy": "other software: cannot confirm receipt",

  "new.title": "New conversation",
  "new.close": "Close",
  "new.group": "Group",
  "new.direct": "Direct",
  "new.name": "Name of the group (optional)",
  "new.people": "People",
  "new.people_hint": "Full addresses, like ana@example.org. Enter adds one.",
  "new.direct_hint": "Full addresses, like ana@example.org. Enter adds one. Nobody can be added later.",
  "new.add": "Add",
  "new.remove": "Remove {acct}",
  "new.checking": "Looking for {acct}…",
  "new.not_an_address": "“{acct}” is not a full address. It looks like ana@example.org.",
  "new.not_found": "No one found at {acct}. Check the spelling.",
  "new.yourself": "This is you. You are in every conversation that you start.",
  "new.start_group_none": "Send invitations",
  "new.start_group": { one: "Send {n} invitation", other: "Send {n} invitations" },
  "new.start_direct": "Start writing",
  "new.consent": "Everybody is asked first. Nobody is a member before saying yes.",
  "new.consent_direct": "Whoever does not know you sees your first message as a request.",

  "error.network": "No connection to our server.",
  "error.busy": "Please wait a moment and try again.",
  "error.wait_s": { one: "Please wait {n} second.", other: "Please wait {n} seconds." },
  "error.wait_min": { one: "Please wait {n} minute.", other: "Please wait {n} minutes." },
  "error.ours": "Something went wrong here. Your text is kept.",
  "error.refused": "Our server did not take it.",

  "day.today": "Today",
  "day.yesterday": "Yesterday",
};

// What is written from right to left, and what sets a direction.
const TURNS = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A value that keeps its direction to itself: what stands beside it in a sentence stays where it is. */
function isolated(value) {
  return TURNS.test(value) ? `\u2068${value}\u2069` : value;
}

/** The text of a key with its values put in. */
export function text(key, values = {}) {
  const entry = TEXTS[key];
  const template = typeof entry === "string" ? entry : entry[plural.select(values.n)];
  return template.replace(/\{(\w+)\}/g, (_, name) => isolated(String(values[name])));
}

/** What an error means for the person before the screen: the node's own sentence, wherever it has one for people. */
export function errorText(error) {
  if (error.status === 0) return text("error.network");
  if (error.word === "internal" || error.status === 500) return text("error.ours");
  if (error.word === "too-many-requests") return waitText(error.retryAfter);
  if (error.detail) return error.detail;
  return error.status > 500 ? text("error.busy") : error.title || text("error.refused");
}

function waitText(seconds) {
  if (!seconds) return text("error.busy");
  return seconds < 60 ? text("error.wait_s", { n: seconds }) : text("error.wait_min", { n: Math.ceil(seconds / 60) });
}
