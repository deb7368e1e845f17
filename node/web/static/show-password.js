// Whoever types a password may look at it.

for (const button of document.querySelectorAll("button.reveal")) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  button.hidden = false;
  button.addEventListener("click", () => {
    const isShown = field.type === "text";
    field.type = isShown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!isShown));
    field.focus();
  });
  // What is kept or sent is a password again.
  field.form.addEventListener("submit", () => { field.type = "password"; });
}
