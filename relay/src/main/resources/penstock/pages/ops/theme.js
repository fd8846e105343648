// The switch between the themes: the system's wish, light, dark. What was chosen is kept for all pages of operators.

const THEMES = ["auto", "light", "dark"], THEME = "penstock.ops.theme";

function applyTheme(button, theme) {
  document.documentElement.dataset.theme = theme;
  button.title = button.ariaLabel = `theme: ${theme}`;
}

function keptTheme() {
  try {
    const kept = localStorage.getItem(THEME);
    return THEMES.includes(kept) ? kept : "auto";
  } catch {
    return "auto";
  }
}

/** The button goes to the next theme. */
export function wireTheme(button) {
  button.onclick = () => {
    const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
    applyTheme(button, next);
    try {
      localStorage.setItem(THEME, next);
    } catch {
      // storage is full or switched off: the choice lives as long as the page
    }
  };
  applyTheme(button, keptTheme());
}
