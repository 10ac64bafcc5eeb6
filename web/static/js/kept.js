/* What a page's own form has to wait with: on to the next page where one can be shown, else said here.

   Needs: send.js; in the form a hidden [data-kept]. The check-in has a page for it (saved.js). */
document.addEventListener('send:saved', ({ detail: { kind } }) => {
  if (kind === 'checkin') return;
  const form = document.querySelector(`form[data-outbox="${kind}"]`);
  if (navigator.serviceWorker?.controller) location.assign(form.dataset.waits ?? form.dataset.then);
  else form.querySelector('[data-kept]').hidden = false;
});
