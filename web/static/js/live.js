/* One socket for the page's streams: in order, resumable, never silently dead.

   Needs: <div id="wire" data-streams="<key>@<epoch>.<offset>,…" data-patience="45000"
   data-parts="feed field">: the cursors read before the page's content, how long silence is
   believed, and the ids that a fresh copy of this page replaces; data-renew="drive link": the kinds of
   frames that ask for such a copy. <template id="t-gone">: what
   stands in <main> when the page is no longer open to this reader.
   Says: live:frame (detail: the frame; kind "reset" after the page was fetched anew) and
   live:state (detail: off | on | gone) on document; <html data-live> repeats the state.
   What is caught up while data-live is not "on" moves nothing: it is no news. */
import { defers, own, release, waits } from './hush.js';

const wire = document.getElementById('wire');
const root = document.documentElement;
const streams = new Map();
const patience = Number(wire?.dataset.patience ?? 45000);
let socket, retry, watch, names = null;
let tries = 0, failures = 0, dismissals = 0, heard = 0;
let chain = Promise.resolve();
/** What the server's clock (ms) is ahead of performance.now(): the phone's own may say anything. 0: not known. */
export let lead = 0;

/** The offset last applied of a stream (the page's first one unless named), or 0. */
export const cursor = (key) => (key ? streams.get(key) : [...streams.values()][0])?.at ?? 0;

const tell = (frame) => document.dispatchEvent(new CustomEvent('live:frame', { detail: frame }));

function say(state) {
  if (root.dataset.live === state) return;
  root.dataset.live = state;
  document.dispatchEvent(new CustomEvent('live:state', { detail: state }));
}

function read(text) {
  streams.clear();
  for (const item of text.split(',')) {
    const [, key, epoch, offset] = item.match(/^(.+)@(.+)\.(\d+)$/) ?? [];
    if (key) streams.set(key, { epoch, at: Number(offset), ready: false });
  }
}

const write = () => [...streams].map(([key, { epoch, at }]) => `${key}@${epoch}.${at}`).join(',');

/** The answer to every doubt: forget the socket, dead or alive, and begin at the cursor. */
function connect() {
  clearTimeout(retry);
  drop();
  for (const stream of streams.values()) stream.ready = false;
  const url = new URL(`/live?streams=${write()}&as=html`, location);
  url.protocol = url.protocol.replace('http', 'ws');
  const mine = socket = new WebSocket(url);
  hear();
  mine.onmessage = ({ data }) => {
    hear();
    chain = chain.then(() => mine === socket && take(JSON.parse(data))).catch(stuck);
  };
  mine.onclose = ({ code }) => {
    clearTimeout(watch);
    if (code === 1008) return dismissed();
    say('off');
    again();
  };
}

function drop() {
  clearTimeout(watch);
  if (!socket) return;
  socket.onmessage = socket.onclose = null;
  socket.close();
}

function again() {
  clearTimeout(retry);
  retry = setTimeout(connect, Math.min(30000, 300 * 2 ** tries++) * (0.5 + Math.random()));
}

function hear() {
  heard = Date.now();
  clearTimeout(watch);
  watch = setTimeout(connect, patience);
}

/** Another chance: the tab is back, and its socket closed or silent for too long. */
function back() {
  if (socket.readyState > 1 || Date.now() - heard > patience) reconnect();
}

/** Another network: the old socket may be dead without knowing. */
function reconnect() {
  if (root.dataset.live === 'gone') return;
  tries = 0;
  say('off');
  connect();
}

/** Closed as not allowed: once it may be a changed role, which a fresh page shows. */
function dismissed() {
  say('off');
  return dismissals++ ? gone() : anew().catch(again);
}

async function take(frame) {
  const stream = streams.get(frame.stream);
  if (!stream) return;
  if (frame.now) lead = Math.max(lead, Date.parse(frame.now) - performance.now());
  if (frame.kind === 'reset') return anew().catch(again);
  if (frame.offset === undefined) return waits(frame) || tell(frame);
  if (frame.epoch !== stream.epoch) return anew().catch(again);
  if (frame.kind === 'ready' || frame.kind === 'beat') return abreast(stream, frame);
  if (frame.offset <= stream.at) return;
  if (frame.offset > stream.at + 1) return gap();
  const now = !waits(frame);
  if (now) await show(frame);
  stream.at = frame.offset;
  wire.dataset.streams = write();
  tries = failures = dismissals = 0;
  if (now) said(frame);
}

async function show({ content }) {
  if (content) await htmx.swap({ sourceElement: wire, target: wire, swap: 'none', text: content, transition: false });
}

/** The visit is over: what waited meanwhile is shown, in its order. */
async function unhush() {
  const { frames, more } = release();
  for (const frame of frames) {
    await show(frame);
    said(frame);
  }
  if (more) await anew();
}

function said(frame) {
  tell(frame);
  const renews = ['erased', 'retention', ...(wire.dataset.renew ?? '').split(' ')].includes(frame.kind);
  if (renews || (frame.kind === 'member' && frame.data.state === 'changed')) renamed();
}

/** A name stands in many places, many places are empty: a fresh page has it right. Not all pages at once. */
function renamed() {
  names ??= setTimeout(() => {
    names = null;
    anew().catch(again);
  }, 2000 * Math.random());
}

function abreast(stream, frame) {
  if (frame.offset > stream.at) return gap();
  tries = failures = dismissals = 0;
  stream.ready = true;
  if ([...streams.values()].every(({ ready }) => ready)) say('on');
}

/** A hole: the cursor asks for what is missing; should it stay, slowly, then with a fresh page. */
function gap() {
  failures += 1;
  if (failures === 1) return connect();
  return failures < 4 ? again() : anew().catch(again);
}

/** A frame that cannot be applied: once more from the cursor, then past it with a fresh page. */
function stuck(error) {
  console.error('live', error);
  return failures++ ? anew().catch(again) : again();
}

const swap = (target, how, part) =>
  htmx.swap({ sourceElement: wire, target, swap: how, text: part.outerHTML, transition: false });

/** Fetch this page again and morph its live parts, but not under who is in a visit; throws when the answer is no page. */
async function anew() {
  drop();
  const answer = await fetch(location.href, { cache: 'no-store' });
  if ([401, 403, 404].includes(answer.status)) return gone();
  if (!answer.ok) throw Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.getElementById('wire');
  if (!fresh) return gone();
  const later = defers(page);
  if (later) for (const row of own(page)) await swap('#feed', 'put', row);
  else {
    for (const id of `bell ${wire.dataset.parts ?? 'feed field'}`.split(' ')) {
      const part = page.getElementById(id);
      if (part && document.getElementById(id)) await swap(`#${id}`, 'outerMorph', part);
    }
  }
  read(fresh.dataset.streams);
  wire.dataset.streams = write();
  failures = 0;
  if (!later) tell({ kind: 'reset' });
  connect();
}

function gone() {
  clearTimeout(retry);
  drop();
  say('gone');
  const notice = document.getElementById('t-gone');
  const main = document.querySelector('main');
  main.className = 'main problem';
  main.replaceChildren(notice?.content.cloneNode(true) ?? '');
}

if (wire) {
  read(wire.dataset.streams);
  addEventListener('pageshow', (event) => event.persisted && connect());
  addEventListener('pagehide', drop);
  addEventListener('online', reconnect);
  document.addEventListener('hush:over', () => { chain = chain.then(unhush).catch(stuck); });
  document.addEventListener('visibilitychange', () => document.hidden || back());
  root.dataset.live = 'wait';
  connect();
}
