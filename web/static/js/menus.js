/* Open menus close when one looks elsewhere; only one is open at a time.

   Needs: <details class="menu"> and <details class="picker">, which open without script.
   [data-copy="text"] copies it and says so with its data-copied words. */
const open = () => document.querySelectorAll('details:is(.menu, .picker)[open]');

document.addEventListener('click', ({ target }) => {
  for (const menu of open()) {
    if (!menu.contains(target) || target.closest('.item, .set button')) menu.open = false;
  }
});
document.addEventListener('click', async ({ target }) => {
  const button = target.closest?.('[data-copy]');
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return;
  }
  const words = button.querySelector('span') ?? button;
  words.textContent = button.dataset.copied ?? words.textContent;
});
