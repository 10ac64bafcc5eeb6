/* Ten seconds to take a check-in back: the offer counts down and leaves. And the time at which an
   outcome is told is the phone's.

   Needs: #undo[data-left="<seconds left when the page was made>"], with a [data-seconds] if the
   number is to be seen; #f-outcome with a hidden closed_at. */
const offer = document.getElementById('undo');
const outcome = document.getElementById('f-outcome');

if (offer) {
  const end = Date.now() + Number(offer.dataset.left) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    const text = offer.querySelector('[data-seconds]');
    if (text) text.textContent = left;
    offer.hidden = left === 0;
    if (offer.hidden) clearInterval(timer);
  };
  const timer = setInterval(tick, 250);
  tick();
}
outcome?.addEventListener('submit', () => {
  outcome.elements.namedItem('closed_at').value = new Date().toISOString();
});
