/* Ten seconds to take a check-in back: the offer counts down and leaves.

   Needs: [data-left="<seconds left when the page was made>"] with a <span data-seconds>. */
for (const offer of document.querySelectorAll('[data-left]')) {
  const end = Date.now() + Number(offer.dataset.left) * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    const text = offer.querySelector('[data-seconds]');
    if (text) text.textContent = Math.max(0, left);
    if (left > 0) return;
    clearInterval(timer);
    offer.hidden = true;
  };
  const timer = setInterval(tick, 250);
  tick();
}
