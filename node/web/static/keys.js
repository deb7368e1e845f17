// Whether letters act by themselves on this device. Its keyboard is its own: the node is not told, and signing out changes nothing.

const PLACE = "covey.letters";
const OFF = "off";
let isOn = read() !== OFF;

// What is chosen in the settings holds in the chat that is open beside them.
addEventListener("storage", () => {
  isOn = read() !== OFF;
});

/** Whether a single letter does something to a message. */
export function lettersAct() {
  return isOn;
}

/** Choose, from here on and when this page is opened again. */
export function letLettersAct(wanted) {
  isOn = wanted;
  try {
    if (wanted) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, OFF);
  } catch {
    // The browser keeps nothing: it counts as long as the page is open.
  }
}

/** Whether Enter begins a line, and sends only together with Ctrl or ⌘; the node says so. */
export function enterBeginsLine() {
  return document.documentElement.dataset.send === "ctrl";
}

function read() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return "";
  }
}
