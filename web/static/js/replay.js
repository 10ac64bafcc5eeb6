/* A sweep played back: the clock, the scrubber, the keys. What is shown of it: replay-page.js, replay-map.js.

   Needs: replay.html. [ and ] go from moment to moment, the space bar plays; on the scrubber the arrows go a
   minute, Page up and down ten, Home and End to the ends. Says for tests: data-ready, data-count, data-settled on #replay. */
import { day } from './replay-day.js';
import { page, put } from './replay-page.js';

const MINUTE = 60000, REST = 1600;
const main = document.getElementById('replay'), by = (id) => document.getElementById(id);
const [begin, end] = [Number(main.dataset.begin), Number(main.dataset.end)];
const range = by('range'), play = by('play'), clock = by('clock'), link = by('link'), moments = by('moments');
const minutes = new Intl.DateTimeFormat('en-GB', { timeZone: main.dataset.zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' });
let now, shown, map = null, at = Number(main.dataset.at), count = -1, minute = null, running = null, then = 0, settling;

const address = (moment) => `${location.pathname}?at=${new Date(moment).toISOString().slice(0, 19)}Z`;

const stepping = () => moments.getAttribute('aria-pressed') === 'true';
const playing = () => running !== null && !stepping();

/** Shows a moment; touches what is otherwise than a frame ago. */
function show(moment) {
  at = Math.min(Math.max(moment, begin), end);
  const share = (at - begin) / (end - begin || 1), so = now.count(at), mark = Math.floor(at / MINUTE);
  shown.at(share);
  range.valueAsNumber = Math.round((at - begin) / 1000);
  range.style.setProperty('--p', share.toFixed(4));
  if (mark !== minute) put(clock, minutes.format(at));
  if (playing()) shown.follow(so);
  else if (so !== count) shown.show(so);
  if (so !== count) map?.show(so, playing());
  if (so !== count || mark !== minute) range.setAttribute('aria-valuetext', [clock.textContent, shown.said(so)].filter(Boolean).join(', '));
  if (so !== count) main.dataset.count = so;
  [count, minute] = [so, mark];
}

/* What nobody needs in between: the address, and where the steps lead. */
function settle() {
  clearTimeout(settling);
  delete main.dataset.settled;
  settling = setTimeout(() => {
    if (running) return;
    main.dataset.settled = '';
    history.replaceState(null, '', address(at));
    link.href = address(at);
    for (const [id, moment] of [['back', now.before(at)], ['on', now.next(at)]]) {
      const step = by(id);
      step.toggleAttribute('aria-disabled', moment === undefined);
      if (moment === undefined) {
        step.setAttribute('aria-disabled', 'true');
        step.removeAttribute('href');
      } else step.href = address(moment);
    }
  }, 200);
}

function go(moment) {
  if (moment === undefined) return;
  show(moment);
  settle();
}

/* Whole again, once nothing runs by any more. */
function rest() {
  shown.show(count);
  map?.show(count);
}

const speed = () => Number(by('speed').querySelector(':checked').value);

function frame(time) {
  if (!running) return;
  if (at >= end) return stop();
  show(at + (time - then) * speed());
  then = time;
  running = requestAnimationFrame(frame);
}

function step() {
  const next = now.next(at);
  if (next === undefined) return stop();
  show(next);
  running = setTimeout(step, REST);
}

function halt() {
  cancelAnimationFrame(running);
  clearTimeout(running);
  running = null;
}

function stop() {
  halt();
  play.setAttribute('aria-label', play.dataset.play);
  play.setAttribute('aria-pressed', 'false');
  rest();
  settle();
}

function start() {
  halt();
  if (at >= end) show(begin);
  play.setAttribute('aria-label', play.dataset.pause);
  play.setAttribute('aria-pressed', 'true');
  then = performance.now();
  running = stepping() ? setTimeout(step, REST / 4) : requestAnimationFrame(frame);
}

const toggle = () => (running ? stop() : start());

function keys(event) {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey) return;
  const onRange = target === range, free = onRange || !target.closest('input, button, a, select, textarea, summary');
  const jumps = { '[': () => go(now.before(at)), ']': () => go(now.next(at)) };
  const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
  let done = key in jumps ? jumps[key] : null;
  if (key === ' ' && free) done = toggle;
  if (onRange && key in moves) done = () => go(at + moves[key] * MINUTE);
  if (onRange && key === 'Home') done = () => go(begin);
  if (onRange && key === 'End') done = () => go(end);
  if (!done || (target.matches('input[type=time]'))) return;
  event.preventDefault();
  done();
}

async function copy(event) {
  event.preventDefault();
  const words = link.querySelector('span'), text = words.textContent;
  history.replaceState(null, '', address(at));
  link.href = address(at);
  try {
    await navigator.clipboard.writeText(link.href);
  } catch {
    return; // it stands in the address bar
  }
  if (text === link.dataset.done) return;
  put(words, link.dataset.done);
  link.dataset.said = '';
  setTimeout(() => {
    put(words, text);
    delete link.dataset.said;
  }, 2500);
}

function listen() {
  range.addEventListener('input', () => go(begin + range.valueAsNumber * 1000));
  document.addEventListener('keydown', keys);
  play.addEventListener('click', toggle);
  link.addEventListener('click', copy);
  moments.addEventListener('click', () => {
    moments.setAttribute('aria-pressed', String(!stepping()));
    if (running) start();
  });
  for (const [id, moment] of [['back', () => now.before(at)], ['on', () => now.next(at)]]) {
    by(id).addEventListener('click', (event) => {
      event.preventDefault();
      go(moment());
    });
  }
  document.addEventListener('visibilitychange', () => document.hidden && running && stop());
  /* A row's time is a way there without leaving the page. */
  main.addEventListener('click', (event) => {
    const there = event.target.closest('.evs .when, .far a, .sums a[href*="#e-met"]');
    if (!there) return;
    event.preventDefault();
    const row = there.closest('[data-n]');
    go(row ? now.events[row.dataset.n].at : Date.parse(there.querySelector('time')?.dateTime ?? now.told.sweep.met_at));
    if (there.closest('.whole')) by('map').scrollIntoView({ block: 'nearest' });
  });
}

async function open() {
  const answer = await fetch(main.dataset.from, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw Error(answer.status);
  now = day(await answer.json());
  shown = page(now, Number(main.dataset.top));
  moments.setAttribute('aria-pressed', String(matchMedia('(prefers-reduced-motion: reduce)').matches));
  for (const id of ['play', 'speed', 'moments', 'scrub']) by(id).hidden = false;
  by('go').hidden = true;
  show(at);
  listen();
  main.dataset.ready = '';
  try {
    map = await (await import('./replay-map.js')).lay(by('map'), now);
    map.show(count);
  } catch (error) {
    console.warn('map', error); // feed and chart hold all it shows
    by('map').dataset.noMap = '';
  }
}

open().catch((error) => console.warn('replay', error));
