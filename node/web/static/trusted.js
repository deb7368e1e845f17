// The only Trusted Types policy, and what stands on it: HTML from people, rebuilt from an allow-list, and one worker.

const ALLOWED = new Set([
  "P", "BR", "A", "SPAN", "STRONG", "B", "EM", "I", "DEL", "CODE", "PRE", "BLOCKQUOTE", "UL", "OL", "LI",
]);
// Their text is not for people, so it goes with them.
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "SVG", "MATH", "HEAD", "TITLE"]);
const CLASSES = new Set(["mention", "hashtag"]);
const DEEPEST = 32;
const WORKER = "/service-worker.js";

// A comment; or a tag with its name and attributes; or the sign with which none begins.
const MARK = /<!--[^]*?-->|<[!?][^>]*>|<(\/?)([a-z][^\s<>/]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>|</gi;
const KEPT = /\s(href|class)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

// SECURITY: the result goes to DOMParser below and nowhere else; what is parsed runs nothing and loads nothing. But a
// browser reports what it meets there as an offence against the page's policy, so it meets bare tags of the list alone.
// tests/e2e/test_modules.py tries what must not survive.
const rules = { createHTML: bare, createScriptURL: onlyWorker };
const policy = globalThis.trustedTypes?.createPolicy("covey", rules) ?? rules;

/** The address of the one script that is named in code. */
export function workerAddress() {
  return policy.createScriptURL(WORKER);
}

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

/** The same with the tags of the list, of which only `href` and `class` are left; what is dropped is a template. */
function bare(html) {
  return html.replace(MARK, (mark, slash, name, attributes) => {
    if (name === undefined) return mark === "<" ? "&lt;" : "";
    if (DROPPED.has(name.toUpperCase())) return `<${slash}template>`;
    return ALLOWED.has(name.toUpperCase()) ? `<${slash}${name}${kept(attributes)}>` : "";
  });
}

function onlyWorker(address) {
  if (address !== WORKER) throw new TypeError("no such script");
  return address;
}

function kept(attributes) {
  const found = Array.from(attributes.matchAll(KEPT), ([, name, ...values]) => [name, values.find((one) => one !== undefined)]);
  return found.map(([name, value]) => ` ${name}="${value.replaceAll('"', "&quot;")}"`).join("");
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
