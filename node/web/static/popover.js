// Where something that opens over the page stands: beside what opened it, and within the window.

const EDGE_PX = 8;
const SHEET = "(max-width: 639px)";

/** Open a popover beside a rectangle, above it where there is no room below; on a phone it is a sheet from below. */
export function openBeside(popover, { left, right, top, bottom }) {
  if (!popover.matches(":popover-open")) popover.showPopover();
  popover.style.left = popover.style.top = "";
  if (isSheet()) return;
  const { width, height } = popover.getBoundingClientRect();
  const isRoomBelow = bottom + height + EDGE_PX < innerHeight;
  const x = left + width + EDGE_PX < innerWidth ? left : right - width;
  popover.style.left = `${within(x, innerWidth - width)}px`;
  popover.style.top = `${within(isRoomBelow ? bottom : top - height, innerHeight - height)}px`;
}

/** Whether the window is so narrow that a popover is a sheet. */
export function isSheet() {
  return matchMedia(SHEET).matches;
}

function within(place, most) {
  return Math.max(EDGE_PX, Math.min(place, most - EDGE_PX));
}

// The pointers that are down; a menu is asked for before a finger is lifted by some browsers, and after that by others.
const pressed = new Set();
addEventListener("pointerdown", ({ pointerId }) => pressed.add(pointerId), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, ({ pointerId }) => pressed.delete(pointerId), true);

/** Open what a pointer asks for once it is let go: its release beside what has opened would close it again. */
export function whenReleased(event, open) {
  if (!event.buttons && !pressed.size) {
    open();
    return;
  }
  const waiting = new AbortController();
  const released = () => {
    waiting.abort();
    dropClick();
    setTimeout(open);
  };
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, released, { capture: true, signal: waiting.signal });
}

/** Let a release that has asked for something be no click on what lies there. */
export function dropClick() {
  const over = new AbortController();
  const options = { capture: true, signal: over.signal };
  // A key clicks as well, and without a pointer.
  addEventListener("click", (event) => event.detail && stop(event), options);
  addEventListener("pointerdown", () => over.abort(), options);
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** The rectangle of a point. */
export function pointRect(x, y) {
  return { left: x, right: x, top: y, bottom: y };
}

/** Move the focus among a menu's or a grid's parts by arrows, Home and End; answers whether the key did. */
export function moveFocus(event, parts, columns = 1) {
  const here = parts.indexOf(document.activeElement);
  const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
  let there;
  if (event.key in steps) there = (here + steps[event.key] + parts.length) % parts.length;
  else if (event.key === "Home") there = 0;
  else if (event.key === "End") there = parts.length - 1;
  else return false;
  event.preventDefault();
  parts[there]?.focus();
  return true;
}
