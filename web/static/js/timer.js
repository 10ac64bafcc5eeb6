/* How long somebody has waited, to the second, by the server's clock: the same on every screen.

   Needs: <time datetime data-timer> counts from that moment; [data-ends] is .expired after that moment. */
import { lead } from './live.js';

const two = (number) => String(number).padStart(2, '0');

/* Before the server has said what time it is, by how wrong this phone's clock was last time. */
function now() {
  if (!lead) return Date.now() + Number(localStorage.getItem('clock') ?? 0);
  const time = lead + performance.now();
  localStorage.setItem('clock', Math.round(time - Date.now()));
  return time;
}

function lasted(seconds) {
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  return (hours ? `${hours}:${two(minutes % 60)}` : `${minutes}`) + `:${two(Math.floor(seconds % 60))}`;
}

function tick() {
  if (document.hidden) return;
  for (const time of document.querySelectorAll('time[data-timer]')) {
    const text = lasted(Math.max(0, (now() - Date.parse(time.dateTime)) / 1000));
    if (time.textContent !== text) time.textContent = text;
  }
  for (const ticket of document.querySelectorAll('[data-ends]')) ticket.classList.toggle('expired', Date.parse(ticket.dataset.ends) < now());
}

tick();
setInterval(tick, 1000);
document.addEventListener('htmx:after:process', tick);
