/* What of a sweep changes with the clock alone: the time left, who is quiet, who may come later.

   Needs: #strip, made by sweeps/parts.html: [data-left] the rally's moment, .lane[data-latest][data-sign],
   [data-word] with the words for it; the map's plate #to-rally, if there is one. */
const QUIET = 40;
const minutes = (from, to) => Math.floor((to - from) / 6e4);

function left(words, moment, now) {
  const m = minutes(now, moment);
  if (m < 0) return words.over.replace('{m}', -m);
  return (m < 60 ? words.minutes : words.hours).replace('{h}', Math.floor(m / 60))
    .replace('{m}', m < 60 ? m : String(m % 60).padStart(2, '0'));
}

const put = (element, text) => element && element.textContent !== text && (element.textContent = text);

function tell(strip, now) {
  const { dataset: words } = strip.querySelector('[data-word]');
  const over = new Date(strip.dataset.rally), running = strip.dataset.state === 'running', late = [];
  const text = left(words, over, now);
  strip.querySelectorAll('[data-left]').forEach((one) => put(one, text));
  put(document.querySelector('#to-rally b'), text);
  for (const lane of strip.querySelectorAll('.lane')) {
    const { latest, sign } = lane.dataset, named = lane.querySelector('[data-person]');
    if (named.dataset.person === document.body.dataset.me) put(named, document.getElementById('map').dataset.you);
    const name = named.textContent;
    const behind = running && latest && new Date(latest) < now, silent = running && sign ? minutes(new Date(sign), now) : 0;
    if (behind) late.push(name);
    lane.querySelector('.eta').classList.toggle('late', Boolean(behind));
    const quiet = lane.querySelector('.quiet');
    quiet.hidden = silent < QUIET;
    put(quiet, silent < QUIET ? '' : words.quiet.replace('{n}', silent));
  }
  const names = new Intl.ListFormat(document.documentElement.lang).format(late);
  const said = !running || !strip.querySelector('[data-latest]') ? '' : late.length ? words.late.replace('{names}', names) : words.fine;
  put(strip.querySelector('[data-all]'), said);
}

function all() {
  const strip = document.getElementById('strip');
  const plate = document.getElementById('to-rally');
  if (plate) plate.hidden = !strip?.dataset.sweep;
  if (strip?.dataset.sweep) tell(strip, new Date());
}

all();
document.addEventListener('htmx:after:process', all);
setInterval(() => document.hidden || all(), 20000);
