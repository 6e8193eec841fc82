// The button that chooses between light, dark and what the system says.
"use strict";

function wireTheme() {
  const button = document.getElementById("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const choices = ["system", "light", "dark"];
  let choice = "system";
  try { choice = localStorage.getItem("drydock-theme") || choice; } catch { /* no storage in a sandbox */ }
  const show = () => {
    document.documentElement.dataset.theme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
    button.textContent = "Theme: " + choice;
  };
  button.addEventListener("click", () => {
    choice = choices[(choices.indexOf(choice) + 1) % choices.length];
    try { localStorage.setItem("drydock-theme", choice); } catch { /* it lasts until the page is closed */ }
    show();
  });
  dark.addEventListener("change", show);
  show();
}
