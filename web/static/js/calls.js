/* Calls on the squad's page: their clocks, the ring around who calls on map and strip, the sound.

   Needs: the feed's cards with data-calling="open|claimed" and data-member; pins and lanes as marks.js and the
   strip's template make them. */
import './looked.js';
import './ring.js';
import './timer.js';

function mark() {
  const who = new Set([...document.querySelectorAll('[data-calling]')].map(({ dataset }) => dataset.member));
  for (const pin of document.querySelectorAll('#strip .lane, .pin[data-member]')) {
    pin.classList.toggle('calls', who.has(pin.dataset.member ?? pin.id.slice(2)));
  }
}

mark();
document.addEventListener('live:frame', mark);
setInterval(mark, 5000);
