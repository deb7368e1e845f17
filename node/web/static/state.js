// What this page knows, as one frozen value and pure steps from one to the next; no DOM, no network, no clock.
//
// state      {me, conversations: {id: conversation}, histories: {id: history}, outbox: [outgoing], isLoaded, isConnected}
// history    {messages: [message], isComplete, isLoading, held: [message id]}; messages in the order shown
// outgoing   {key, conversation, text, at, state: "sending" | "failed", reason, isPassing}
//
// `held` names own messages that the stream brought while a send was under way. One of them is most likely that send;
// they are shown once the answer has come, so that no message is seen twice.

export const EMPTY = Object.freeze({
  me: null,
  conversations: {},
  histories: {},
  outbox: [],
  isLoaded: false,
  isConnected: true,
});

const NO_HISTORY = Object.freeze({ messages: [], isComplete: false, isLoading: false, held: [] });

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
  return conversation?.unread ? withConversation(state, { ...conversation, unread: 0 }) : state;
}

export function withLoading(state, id, isLoading) {
  return withHistory(state, id, { isLoading });
}

/** Add a page of older messages; a short page is the beginning. */
export function withOlder(state, id, messages, limit) {
  const history = historyOf(state, id);
  return withHistory(state, id, {
    messages: merged(history.messages, messages),
    isComplete: messages.length < limit,
    isLoading: false,
  });
}

/** Take the newest page; what is held stays only where the two meet, so that no gap is hidden between them. */
export function withNewest(state, id, messages, limit) {
  const history = historyOf(state, id);
  const known = new Set(history.messages.map((message) => message.id));
  const meets = messages.some((message) => known.has(message.id));
  return withHistory(state, id, {
    messages: merged(meets ? history.messages : [], messages),
    isComplete: meets ? history.isComplete : messages.length < limit,
    isLoading: false,
  });
}

/** A message that somebody has just posted: unread, until whoever shows it says that it is seen. */
export function withNewMessage(state, message) {
  const conversation = state.conversations[message.conversation];
  const isOwn = message.author.uri === state.me?.uri;
  const isKnown = conversation?.last_message?.id === message.id || holds(state, message);
  let next = withMessage(state, message);
  if (isOwn && isSending(state, message.conversation) && !isKnown) {
    const { held } = historyOf(next, message.conversation);
    next = withHistory(next, message.conversation, { held: [...held, message.id] });
  }
  if (!conversation || isKnown || isOwn) return next;
  return withConversation(next, { ...next.conversations[conversation.id], unread: (conversation.unread ?? 0) + 1 });
}

/** A message as it is now: its place in the history, and the last line of its conversation. */
export function withMessage(state, message) {
  const id = message.conversation;
  let next = state;
  if (state.histories[id]) {
    next = withHistory(next, id, { messages: merged(historyOf(next, id).messages, [message]) });
  }
  const conversation = next.conversations[id];
  if (conversation && !isBefore(message, conversation.last_message)) {
    next = withConversation(next, { ...conversation, last_message: message });
  }
  return next;
}

/** What became of one host's copy of a message, wherever the message is held. */
export function withDelivery(state, { message: messageId, host, state: status, reason }) {
  const update = (message) =>
    message.id === messageId
      ? { ...message, delivery: deliveredTo(message.delivery ?? [], { host, state: status, reason }) }
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
export function withOutgoing(state, { key, conversation, text, at }) {
  const outgoing = { key, conversation, text, at, state: "sending", reason: "", isPassing: false };
  const isThere = state.outbox.some((entry) => entry.key === key);
  const outbox = isThere
    ? state.outbox.map((entry) => (entry.key === key ? { ...outgoing, at: entry.at } : entry))
    : [...state.outbox, outgoing];
  return { ...state, outbox };
}

/** Messages that an earlier page could not send, to be tried again; those of conversations that are gone are not. */
export function withUnsent(state, outbox) {
  const known = new Set(state.outbox.map((entry) => entry.key));
  const more = outbox.filter((entry) => entry.conversation in state.conversations && !known.has(entry.key));
  if (!more.length) return state;
  const passing = more.map((entry) => ({ ...entry, state: "failed", isPassing: true }));
  return { ...state, outbox: [...passing, ...state.outbox] };
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

/** The order all members see: by shown time, then id. */
function compare(a, b) {
  if (a.published !== b.published) return a.published < b.published ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/** Both lists in order, each message once, the later list's word counting. */
function merged(held, added) {
  const byId = new Map(held.map((message) => [message.id, message]));
  for (const message of added) byId.set(message.id, message);
  return [...byId.values()].sort(compare);
}
