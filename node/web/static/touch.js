// What a finger says that a mouse says otherwise: held still and lifted it asks for the menu, drawn to the right it answers.

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
    if (touch?.isHeld) setTimeout(onHold, 0, touch.target, touch.x, touch.y);
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
