/* Small helps at the entrances; every form there works without them.

   Needs: select[data-guess-zone], which gets the browser's own time zone; [data-print], which prints. */
for (const select of document.querySelectorAll('select[data-guess-zone]')) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...select.options].some((option) => option.value === zone)) select.value = zone;
}
document.addEventListener('click', ({ target }) => {
  if (target.closest?.('[data-print]')) print();
});
