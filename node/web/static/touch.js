// What a finger says that a mouse says otherwise: held still and lifted it asks for the menu, drawn to the right it answers.

import { dropClick } from "./popover.js";

const HELD_MS = 500;
const STILL_PX = 10;
const DRAWN_PX = 64;

/** Listen to one finger at a time; `onHold(target, x, y)` and `onDraw(target)` say what it did. */
export function watchTouch(element, { onHold, onDraw }) {
  let touch = null;
  const forget = () => {
    clearTimeout(touch?.timer);
    touch = null;
  };
  element.addEventListener("pointerdown", (event) => {
    forget();
    if (event.pointerType !== "touch" || !event.isPrimary) return;
    const { target, clientX: x, clientY: y } = event;
    const held = { target, x, y, isHeld: false };
    held.timer = setTimeout(() => (held.isHeld = true), HELD_MS);
    touch = held;
  });
  element.addEventListener("pointerup", () => {
    // What opens while the finger is down would be closed as it leaves.
    if (touch?.isHeld) {
      dropClick();
      setTimeout(onHold, 0, touch.target, touch.x, touch.y);
    }
    forget();
  });
  element.addEventListener("pointermove", (event) => {
    if (!touch) return;
    const [right, down] = [event.clientX - touch.x, Math.abs(event.clientY - touch.y)];
    if (Math.abs(right) > STILL_PX || down > STILL_PX) {
      clearTimeout(touch.timer);
      touch.isHeld = false;
    }
    if (down > DRAWN_PX / 2) forget();
    else if (right > DRAWN_PX && right > 2 * down) {
      onDraw(touch.target);
      forget();
    }
  });
  for (const end of ["pointercancel", "contextmenu"]) element.addEventListener(end, forget);
}

/**
 * Listen to rows that one finger pulls along. What begins as scrolling stays scrolling; the browser keeps what is up and
 * down where the rows have `touch-action: pan-y`.
 * `select(target)` names the row, `onPull(row, px)` moves it, `onLet(row, px)` lets it go: px is 0 unless it was pulled far enough.
 */
export function watchPull(element, { select, onPull, onLet }) {
  let pull = null;
  const letGo = (isDone) => {
    if (!pull) return;
    const { row, right, isAcross } = pull;
    pull = null;
    if (isAcross) onLet(row, isDone && isFarEnough(right) ? right : 0);
  };
  element.addEventListener("pointerdown", (event) => {
    letGo(false);
    const row = event.pointerType === "touch" && event.isPrimary && select(event.target);
    if (row) pull = { row, id: event.pointerId, x: event.clientX, y: event.clientY, right: 0, isAcross: false };
  });
  element.addEventListener("pointermove", (event) => {
    if (pull?.id !== event.pointerId) return;
    const [right, down] = [event.clientX - pull.x, Math.abs(event.clientY - pull.y)];
    if (!pull.isAcross) {
      if (Math.abs(right) <= STILL_PX && down <= STILL_PX) return;
      if (Math.abs(right) < 2 * down) {
        pull = null;
        return;
      }
      pull.isAcross = true;
    }
    pull.right = right;
    onPull(pull.row, right);
  });
  element.addEventListener("pointerup", () => letGo(true));
  for (const end of ["pointercancel", "contextmenu"]) element.addEventListener(end, () => letGo(false));
}

/** Whether a row that is pulled so far would do what it shows once it is let go. */
export function isFarEnough(px) {
  return Math.abs(px) > DRAWN_PX;
}
