// Runs before the first paint, so that a chosen theme never flashes; the choice is made in src/design/theme.ts.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('earshot.theme');
  } catch {
    // Storage may be forbidden; the system's theme then applies.
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();
