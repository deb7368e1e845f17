// What this page knows, as one frozen value and pure steps from one to the next; no DOM, no network, no clock.
//
// state      {me, conversations: {id: conversation}, histories: {id: history}, quoted: {id: message | null},
//             changes: {id: {items: [change], isComplete}}, firstUnread: {id: message id}, typing: {id: {acct: until}},
//             reads: {id: {acct: message id}}, alive: {id: {acct: ms}}, outbox: [outgoing], isLoaded, isConnected}
// history    {messages: [message], isComplete, hasNewer, beyond, isLoading, held: [message id]}
// outgoing   {key, conversation, text, replyTo, media: [upload], preview, at, state: "sending" | "failed", reason, isPassing}
//
// A history is one stretch of a conversation in the order shown, of WINDOW messages at most, however long that is:
// `isComplete` says that it begins where the conversation does, `hasNewer` that it ends before the newest message, and
// `beyond` is the newest message that the stream has brought since and that stands behind it.
//
// `held` names own messages that the stream brought while a send was under way. One of them is most likely that send;
// they are shown once the answer has come, so that no message is seen twice.

export const WINDOW = 250;
// The node knows a key for a day; clocks differ.
const KEY_KNOWN_MS = 23 * 60 * 60 * 1000;

export const EMPTY = Object.freeze({
  me: null,
  conversations: {},
  histories: {},
  quoted: {},
  changes: {},
  firstUnread: {},
  typing: {},
  reads: {},
  alive: {},
  outbox: [],
  isLoaded: false,
  isConnected: true,
});

const NO_HISTORY = Object.freeze({
  messages: [],
  isComplete: false,
  hasNewer: false,
  beyond: null,
  isLoading: false,
  held: [],
});

/** The history held of a conversation, an empty one if none is. */
export function historyOf(state, id) {
  return state.histories[id] ?? NO_HISTORY;
}

export function withMe(state, me) {
  return { ...state, me };
}

export function withConnection(state, isConnected) {
  return state.isConnected === isConnected ? state : { ...state, isConnected };
}

/** Replace all conversations by what the node has just listed. */
export function withConversations(state, list) {
  const conversations = Object.fromEntries(list.map((conversation) => [conversation.id, conversation]));
  return { ...state, conversations, isLoaded: true };
}

export function withConversation(state, conversation) {
  return { ...state, conversations: { ...state.conversations, [conversation.id]: conversation } };
}

/** Nothing of a conversation is unread any more. */
export function withAllRead(state, id) {
  const conversation = state.conversations[id];
  const isUnread = conversation?.unread || conversation?.marked_unread;
  return isUnread ? withConversation(state, { ...conversation, unread: 0, marked_unread: false }) : state;
}

/** Somebody was there at a time in ms; 0 is not any more. */
export function withAlive(state, id, acct, at) {
  const { [acct]: _, ...others } = state.alive[id] ?? {};
  return { ...state, alive: { ...state.alive, [id]: at ? { ...others, [acct]: at } : others } };
}

export function withLoading(state, id, isLoading) {
  return withHistory(state, id, { isLoading });
}

/** Add a page of older messages; a short page is the beginning. What is then too much goes at the end. */
export function withOlder(state, id, messages, limit) {
  const history = historyOf(state, id);
  const all = merged(history.messages, messages);
  return withHistory(state, id, {
    messages: all.slice(0, WINDOW),
    isComplete: messages.length < limit,
    hasNewer: history.hasNewer || all.length > WINDOW,
    isLoading: false,
  });
}

/** Add a page of newer messages; a short page is the end, unless the stream has brought more. */
export function withNewer(state, id, messages, limit) {
  const history = historyOf(state, id);
  const all = merged(history.messages, messages);
  const last = all.at(-1);
  const isShort = messages.length < limit && !(history.beyond && last && compare(history.beyond, last) > 0);
  return withHistory(state, id, {
    messages: all.slice(-WINDOW),
    isComplete: history.isComplete && all.length <= WINDOW,
    hasNewer: !isShort,
    isLoading: false,
  });
}

/**
 * Take the newest page; what is held stays only where the two meet, so that no gap is hidden between them. What the
 * stream has brought meanwhile is newer than the page.
 */
export function withNewest(state, id, messages, limit) {
  const history = historyOf(state, id);
  const known = new Set(history.messages.map((message) => message.id));
  const meets = messages.some((message) => known.has(message.id));
  const last = messages.at(-1);
  const newer = history.messages.filter((message) => !last || compare(message, last) > 0);
  const all = merged(meets ? history.messages : newer, messages);
  return withHistory(state, id, {
    messages: all.slice(-WINDOW),
    isComplete: (meets ? history.isComplete : messages.length < limit) && all.length <= WINDOW,
    hasNewer: false,
    beyond: null,
    isLoading: false,
  });
}

/** Show the stretch around one message in place of what was shown: the page before it, itself, the page behind it. */
export function withAround(state, id, before, message, after, limit) {
  return withHistory(state, id, {
    messages: merged(before, [message, ...after]),
    isComplete: before.length < limit,
    hasNewer: after.length >= limit,
    beyond: null,
    isLoading: false,
  });
}

/** Add a page of what became of a group; of the newest page a short one is all, of an older one as well. */
export function withChanges(state, id, items, limit) {
  const held = state.changes[id]?.items ?? [];
  const byEpoch = new Map([...held, ...items].map((change) => [change.epoch, change]));
  const all = [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch);
  // A newest page that does not meet what is held stands for itself: what lies between is fetched when it is needed.
  const meets = !held.length || !items.length || items[0].epoch <= held.at(-1).epoch + 1;
  const isComplete = items.length < limit || (meets && Boolean(state.changes[id]?.isComplete));
  const kept = meets ? all : items;
  return { ...state, changes: { ...state.changes, [id]: { items: kept, isComplete } } };
}

/** Draw the line before the first of so many unread messages, as far as that is certain; "" for nowhere. */
export function withFirstUnread(state, id, count) {
  const { messages, isComplete } = historyOf(state, id);
  const byOthers = messages.filter((message) => message.author.uri !== state.me?.uri);
  const isKnown = count > 0 && (byOthers.length > count || (isComplete && byOthers.length === count));
  const first = isKnown ? byOthers.at(-count).id : "";
  return { ...state, firstUnread: { ...state.firstUnread, [id]: first } };
}

/** A room is opened: its newest page, and the line before what of it is unread. */
export function withOpened(state, id, messages, limit, unread) {
  return withFirstUnread(withNewest(state, id, messages, limit), id, unread);
}

/** A room is left: what is read there is no news when it is opened again, and it is not opened at an older stretch. */
export function withClosed(state, id) {
  const { [id]: _, ...firstUnread } = state.firstUnread;
  const { [id]: left, ...histories } = state.histories;
  return { ...state, firstUnread, histories: left?.hasNewer ? histories : state.histories };
}

/** Somebody types until a time; "" for no longer. */
export function withTyping(state, { conversation: id, acct, until }) {
  const { [acct]: _, ...others } = state.typing[id] ?? {};
  return { ...state, typing: { ...state.typing, [id]: until ? { ...others, [acct]: until } : others } };
}

/** Somebody has read up to a message. */
export function withRead(state, { conversation: id, acct, up_to: upTo }) {
  return { ...state, reads: { ...state.reads, [id]: { ...state.reads[id], [acct]: upTo } } };
}

/** What a message says that another answers; null where it is not there for this person. */
export function quotedOf(state, conversation, id) {
  return historyOf(state, conversation).messages.find((message) => message.id === id) ?? state.quoted[id];
}

export function withQuoted(state, id, message) {
  return { ...state, quoted: { ...state.quoted, [id]: message } };
}

/** A message that somebody has just posted: unread, until whoever shows it says that it is seen. */
export function withNewMessage(state, message) {
  const conversation = state.conversations[message.conversation];
  const isOwn = message.author.uri === state.me?.uri;
  const isKnown = conversation?.last_message?.id === message.id || holds(state, message);
  let next = withMessage(state, message);
  if (next.typing[message.conversation]?.[message.author.acct]) {
    next = withTyping(next, { conversation: message.conversation, acct: message.author.acct, until: "" });
  }
  if (isOwn && isSending(state, message.conversation) && !isKnown) {
    const { held } = historyOf(next, message.conversation);
    next = withHistory(next, message.conversation, { held: [...held, message.id] });
  }
  if (!conversation || isKnown || isOwn) return next;
  return withConversation(next, {
    ...next.conversations[conversation.id],
    unread: (conversation.unread ?? 0) + 1,
    archived: Boolean(conversation.archived && conversation.muted),
  });
}

/** A message as it is now: its place in the history, and the last line of its conversation. */
export function withMessage(state, message) {
  const id = message.conversation;
  let next = state.histories[id] ? placed(state, id, message) : state;
  if (next.quoted[message.id]) next = withQuoted(next, message.id, message);
  const conversation = next.conversations[id];
  if (conversation && !isBefore(message, conversation.last_message)) {
    next = withConversation(next, { ...conversation, last_message: message });
  }
  return next;
}

/** A message in the stretch that is held; behind its end, where that is not the newest, it is only known of. */
function placed(state, id, message) {
  const { messages, hasNewer } = historyOf(state, id);
  const last = messages.at(-1);
  if (hasNewer && last && compare(message, last) > 0) return withHistory(state, id, { beyond: message });
  const first = messages[0];
  const isBefore = first && compare(message, first) < 0;
  if (isBefore && !historyOf(state, id).isComplete) return state;
  return withHistory(state, id, { messages: merged(messages, [message]) });
}

/** What became of one host's copy of a message, wherever the message is held. */
export function withDelivery(state, { message: messageId, host, state: status, reason, since }) {
  const update = (message) =>
    message.id === messageId
      ? { ...message, delivery: deliveredTo(message.delivery ?? [], { host, state: status, reason, since }) }
      : message;
  let next = state;
  for (const conversation of Object.values(state.conversations)) {
    if (conversation.last_message?.id !== messageId) continue;
    next = withConversation(next, { ...conversation, last_message: update(conversation.last_message) });
  }
  for (const [id, history] of Object.entries(state.histories)) {
    if (!history.messages.some((message) => message.id === messageId)) continue;
    next = withHistory(next, id, { messages: history.messages.map(update) });
  }
  return next;
}

function deliveredTo(delivery, change) {
  return delivery.some((row) => row.host === change.host)
    ? delivery.map((row) => (row.host === change.host ? { ...row, ...change } : row))
    : [...delivery, change];
}

/** Begin a send, or begin it again after it failed. */
export function withOutgoing(state, { key, conversation, text, replyTo = "", media = [], preview = null, at }) {
  const outgoing = { key, conversation, text, replyTo, media, preview, at, state: "sending", reason: "", isPassing: false };
  const isThere = state.outbox.some((entry) => entry.key === key);
  const outbox = isThere
    ? state.outbox.map((entry) => (entry.key === key ? { ...outgoing, at: entry.at } : entry))
    : [...state.outbox, outgoing];
  return { ...state, outbox };
}

/**
 * Messages that an earlier page could not send, in the order in which they were written; those of conversations that are
 * gone are not. So old that the node would not know its key again, a message is not sent before somebody says so.
 */
export function withUnsent(state, outbox, now) {
  const known = new Set(state.outbox.map((entry) => entry.key));
  const more = outbox.filter((entry) => entry.conversation in state.conversations && !known.has(entry.key));
  if (!more.length) return state;
  const failed = more.map((entry) => ({ ...entry, state: "failed", isPassing: now - Date.parse(entry.at) < KEY_KNOWN_MS }));
  return { ...state, outbox: [...failed, ...state.outbox].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)) };
}

/**
 * The node has taken a message: it leaves the outbox and joins the history. What the stream has said of it since is
 * newer than the answer, which may come later.
 */
export function withSent(state, key, message) {
  const next = withoutOutgoing(state, key);
  return released(holds(next, message) ? next : withMessage(next, message), message.conversation);
}

export function withFailed(state, key, { reason, isPassing }) {
  const failed = state.outbox.find((entry) => entry.key === key);
  if (!failed) return state;
  const outbox = state.outbox.map((entry) =>
    entry.key === key ? { ...entry, state: "failed", reason, isPassing } : entry,
  );
  return released({ ...state, outbox }, failed.conversation);
}

export function withoutOutgoing(state, key) {
  return { ...state, outbox: state.outbox.filter((entry) => entry.key !== key) };
}

function released(state, id) {
  if (isSending(state, id) || !historyOf(state, id).held.length) return state;
  return withHistory(state, id, { held: [] });
}

function isSending(state, id) {
  return state.outbox.some((entry) => entry.conversation === id && entry.state === "sending");
}

function holds(state, { conversation, id }) {
  return historyOf(state, conversation).messages.some((message) => message.id === id);
}

function withHistory(state, id, part) {
  return { ...state, histories: { ...state.histories, [id]: { ...historyOf(state, id), ...part } } };
}

function isBefore(message, other) {
  return Boolean(other) && message.id !== other.id && compare(message, other) < 0;
}

/** The order all members see: by shown time, then by the id that a message has everywhere. */
function compare(a, b) {
  if (a.published !== b.published) return a.published < b.published ? -1 : 1;
  if (a.id === b.id) return 0;
  return (a.uri ?? a.id) < (b.uri ?? b.id) ? -1 : 1;
}

/** Both lists in order, each message once, the later list's word counting. */
function merged(held, added) {
  const byId = new Map(held.map((message) => [message.id, message]));
  for (const message of added) byId.set(message.id, message);
  return [...byId.values()].sort(compare);
}
