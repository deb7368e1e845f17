// The only Trusted Types policy, and what stands on it: HTML from people, rebuilt from an allow-list.

const ALLOWED = new Set([
  "P", "BR", "A", "SPAN", "STRONG", "B", "EM", "I", "DEL", "CODE", "PRE", "BLOCKQUOTE", "UL", "OL", "LI",
]);
// Their text is not for people, so it goes with them.
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "EMBED", "SVG", "MATH", "HEAD", "TITLE"]);
const CLASSES = new Set(["mention", "hashtag"]);
const DEEPEST = 32;

// SECURITY: the result goes to DOMParser below and nowhere else; what is parsed runs nothing and loads nothing.
// tests/e2e/test_modules.py tries what must not survive.
const asTrusted = (html) => html;
const policy = globalThis.trustedTypes?.createPolicy("covey", { createHTML: asTrusted }) ?? { createHTML: asTrusted };

/** Rebuild HTML that the server has sanitised: new nodes, only those that the list allows. */
export function fragmentOf(html) {
  const parsed = new DOMParser().parseFromString(policy.createHTML(html), "text/html");
  const fragment = document.createDocumentFragment();
  copyChildren(parsed.body, fragment, 0);
  return fragment;
}

/** The words of such HTML on one line. */
export function lineOf(html) {
  const fragment = fragmentOf(html);
  for (const block of fragment.querySelectorAll("p, br, li, pre, blockquote")) block.after(" ");
  return oneLine(fragment.textContent);
}

export function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}

function copyChildren(from, to, depth) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE) copyElement(node, to, depth);
  }
}

function copyElement(element, to, depth) {
  const name = element.tagName.toUpperCase();
  if (DROPPED.has(name)) return;
  if (!ALLOWED.has(name) || depth > DEEPEST) {
    copyChildren(element, to, depth);
    return;
  }
  const copy = document.createElement(name);
  for (const word of element.classList) if (CLASSES.has(word)) copy.classList.add(word);
  copyChildren(element, copy, depth + 1);
  if (name === "A") copyLink(element, copy);
  to.append(copy);
}

function copyLink(from, copy) {
  const url = webAddress(from.getAttribute("href"));
  if (!url) return;
  copy.href = url.href;
  copy.rel = "nofollow noopener noreferrer";
  copy.target = "_blank";
  copy.dir = "auto";
  const named = /(?:[\p{L}\d-]+\.)+\p{L}{2,}/u.exec(copy.textContent);
  if (named && !sameSite(named[0].toLowerCase(), url.hostname)) {
    const host = document.createElement("span");
    host.className = "true-host";
    host.dir = "ltr";
    host.textContent = ` (${url.hostname})`;
    copy.append(host);
  }
}

function webAddress(href) {
  if (!/^https?:\/\//i.test(href ?? "")) return null;
  try {
    return new URL(href);
  } catch {
    return null;
  }
}

function sameSite(named, host) {
  return named === host || `www.${named}` === host || named === `www.${host}`;
}
