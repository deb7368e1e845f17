// Moments stand in the page in world time; whoever has scripts reads them in the time zone of their device.

const words = new Intl.DateTimeFormat(document.documentElement.lang || "en", { dateStyle: "long", timeStyle: "short" });

for (const time of document.querySelectorAll("time[data-local]")) {
  const [before, after] = [time.textContent, words.format(new Date(time.dateTime))];
  time.textContent = after;
  // What names a button by the moment says the same one.
  for (const named of time.closest("li")?.querySelectorAll("[aria-label]") ?? []) {
    named.setAttribute("aria-label", named.getAttribute("aria-label").replace(before, after));
  }
}

// Where no time zone was chosen yet, the one of the device is proposed.
const zones = document.querySelector("select[data-zone]");
const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zones && [...zones.options].some((option) => option.value === own)) zones.value = own;
