// A form whose answer is a file leaves its page where it is, so the page itself says that it has begun.

for (const form of document.querySelectorAll("form[data-begun]")) {
  form.addEventListener("submit", () => {
    // The browser reads the fields before this: what was typed is on its way.
    setTimeout(() => {
      form.querySelector("[aria-live]").textContent = form.dataset.begun;
      for (const field of form.querySelectorAll("input[type=password]")) field.value = "";
    });
  });
}
