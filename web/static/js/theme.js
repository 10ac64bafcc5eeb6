/* Light, dark, bright sun: kept in this browser, set before the first paint.

   Loaded as a plain script in <head>, without defer. Needs: [data-map="sun"] or
   [data-set-sun] (buttons with aria-pressed), [data-set-theme="light|dark|auto"]. <html data-theme> from the server is the
   member's own choice and what this browser chose wins over it. */
(() => {
  const root = document.documentElement, sun = '[data-map="sun"], [data-set-sun]';
  const kept = (name) => {
    try { return localStorage.getItem(name); } catch { return null; }
  };
  const keep = (name, value) => {
    try { value === null ? localStorage.removeItem(name) : localStorage.setItem(name, value); } catch { /* private */ }
  };
  const theme = kept('theme');
  if (theme) root.dataset.theme = theme;
  if (kept('sun')) root.dataset.sun = '';

  const show = () => {
    for (const button of document.querySelectorAll(sun)) {
      button.setAttribute('aria-pressed', 'sun' in root.dataset);
    }
    for (const button of document.querySelectorAll('[data-set-theme]')) {
      button.setAttribute('aria-pressed', (root.dataset.theme ?? 'auto') === button.dataset.setTheme);
    }
  };
  document.addEventListener('click', ({ target }) => {
    if (target.closest?.(sun)) {
      const on = root.toggleAttribute('data-sun');
      keep('sun', on ? '1' : null);
      show();
    }
    const choice = target.closest?.('[data-set-theme]')?.dataset.setTheme;
    if (!choice) return;
    if (choice === 'auto') delete root.dataset.theme;
    else root.dataset.theme = choice;
    keep('theme', choice === 'auto' ? null : choice);
    show();
  });
  document.addEventListener('DOMContentLoaded', show);
})();
