/* Times are sent in UTC and written out here, in the reader's language and zone.

   Needs: <time datetime="…Z" data-t="clock|day|when|ago|since">; <html lang>; <body data-zone>, an IANA
   zone, else the browser's own. The server's text stays where a time cannot be read. */
const page = document.documentElement.lang || 'en';
const lang = navigator.language.startsWith(page) ? navigator.language : page;
const timeZone = document.body.dataset.zone || undefined;
const format = (options) => new Intl.DateTimeFormat(lang, { timeZone, ...options });
const hours = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const days = format({ day: 'numeric', month: 'short' });
const date = { format: (moment) => days.format(moment).replace('Sept', 'Sep') }; // as the server writes it
const weekday = format({ weekday: 'long', day: 'numeric', month: 'long' });
const whole = format({ dateStyle: 'full', timeStyle: 'short' });
const key = new Intl.DateTimeFormat('en-CA', { timeZone });
const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });

/** Today: 16:09. Another day: with its date. */
export function clock(moment, now = new Date()) {
  const time = hours.format(moment);
  return key.format(moment) === key.format(now) ? time : `${date.format(moment)} ${time}`;
}

const apart = (moment, now) => Math.round((Date.parse(key.format(moment)) - Date.parse(key.format(now))) / 864e5);

function day(moment, now) {
  const days = apart(moment, now);
  return Math.abs(days) > 1 ? weekday.format(moment) : relative.format(days, 'day');
}

/* Lately: today 14:42, yesterday, 14 Sep. */
function when(moment, now) {
  const days = apart(moment, now);
  if (Math.abs(days) > 1) return date.format(moment);
  return relative.format(days, 'day') + (days ? '' : ` ${hours.format(moment)}`);
}

function ago(moment, now) {
  const minutes = Math.min(0, Math.round((moment - now) / 6e4));
  if (minutes > -60) return relative.format(minutes, 'minute');
  if (minutes > -1440) return relative.format(Math.round(minutes / 60), 'hour');
  return relative.format(Math.round(minutes / 1440), 'day');
}

/* How long ago in words of a length: 24 min. */
function since(moment, now) {
  const minutes = Math.max(0, Math.floor((now - moment) / 6e4));
  const unit = (value, name) =>
    new Intl.NumberFormat(page, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  if (minutes < 60) return unit(minutes, 'minute');
  return `${unit(Math.floor(minutes / 60), 'hour')} ${unit(minutes % 60, 'minute')}`;
}

const shapes = { clock, day, when, ago, since };

/** Write out every time in `root`. */
export function write(root) {
  const now = new Date();
  for (const element of root.querySelectorAll('time[data-t]')) {
    const moment = new Date(element.dateTime);
    const shape = shapes[element.dataset.t];
    if (isNaN(moment) || !shape) continue;
    const text = shape(moment, now);
    if (element.textContent !== text) element.textContent = text;
    element.title ||= whole.format(moment);
  }
}

write(document);
document.addEventListener('htmx:after:process', ({ target }) => write(target.parentElement ?? document));
setInterval(() => document.hidden || write(document), 60000);
