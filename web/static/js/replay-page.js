/* A replay's page at a moment: feed, figures, the chart's heads. Only what is otherwise is written.

   Needs: replay.html's #all (a row for each event, by id), #happened, #stands[data-there], #head, #veil, #now. */
const WINDOW = 60, PLAYING = 10, APART = 85, FAN = -15, SVG = 'http://www.w3.org/2000/svg';
const root = document.documentElement.lang || 'en';
const units = root.startsWith('zh') ? ['米', '公里'] : ['m', 'km'];
const digits = new Intl.NumberFormat(root, { maximumFractionDigits: 1 });

/** A distance as people say it: 18 m, 1.4 km. */
const far = (metres) => (metres < 1000 ? `${Math.round(metres)} ${units[0]}` : `${digits.format(metres / 1000)} ${units[1]}`);

export const put = (element, text) => element.textContent !== text && (element.textContent = text);

const set = (element, name, value) => element.getAttribute(name) !== String(value) && element.setAttribute(name, value);

/** What is told of a day: functions of how many events there have been. */
export function page(now, top) {
  const feed = document.getElementById('happened'), table = document.getElementById('stands');
  const rows = now.events.map(({ id }) => document.getElementById(`e-${id}`));
  const seen = [], rank = [0];
  rows.forEach((row, n) => {
    if (row) seen.push(n);
    rank.push(seen.length);
  });
  let span = [0, 0];

  function copy(n) {
    const made = rows[n].cloneNode(true);
    made.removeAttribute('id');
    made.hidden = false;
    return made;
  }

  /* The rows of the feed are those of `span`, the newest first; fewer while they run by. */
  function tell(count, most) {
    const to = rank[count], from = Math.max(0, to - most), [was, been] = span;
    span = [from, to];
    if (from >= been || to <= was) return feed.replaceChildren(...seen.slice(from, to).reverse().map(copy));
    for (let n = been; n > to; n--) feed.firstElementChild.remove();
    for (let n = was; n < from; n++) feed.lastElementChild.remove();
    for (let n = been; n < to; n++) feed.prepend(copy(seen[n]));
    for (let n = was - 1; n >= from; n--) feed.append(copy(seen[n]));
  }

  const cells = now.members.map((member) => {
    const row = table.querySelector(`[data-member="${member}"]`);
    return row && ['at', 'done', 'away'].map((name) => row.querySelector(`[data-${name}]`));
  });

  function figures(stand, [at, done, away]) {
    put(at.firstElementChild, now.named(stand.at) || '–');
    put(done, stand.planned ? `${stand.done}/${stand.planned}` : String(stand.visits));
    put(away, stand.arrived ? table.dataset.there : stand.metres === null ? '–' : far(stand.metres));
  }

  const ahead = document.getElementById('head'), line = ahead.querySelector('.at'), veil = document.getElementById('veil');
  for (const one of [line, veil.firstElementChild]) one.setAttribute('x', 0); // drawn once, and moved as a whole
  const heads = now.members.map((member) => line.querySelector(`[data-member="${member}"]`) ?? head(member));

  function head(member) {
    const made = ['svg', 'circle', 'text'].map((name) => document.createElementNS(SVG, name));
    made[0].setAttribute('class', `m${now.colour(member)}`);
    made[1].setAttribute('r', 11);
    made[2].textContent = now.told.members[member].initials;
    made[0].append(made[1], made[2]);
    line.append(made[0]);
    return made[0];
  }

  function stands(count) {
    now.members.forEach((_, m) => cells[m] && figures(now.stand(count, m), cells[m]));
  }

  function race(count) {
    const downs = [];
    now.members.forEach((_, m) => {
      const stand = now.stand(count, m);
      set(heads[m], 'visibility', stand.metres === null ? 'hidden' : 'visible');
      if (stand.metres === null) return;
      const down = 1000 * (1 - Math.min(stand.metres / top, 1));
      const place = downs.filter((other) => Math.abs(other - down) < APART).length;
      downs.push(down);
      set(heads[m], 'y', `${down / 10}%`);
      set(heads[m].firstElementChild, 'cx', place * FAN);
      set(heads[m].lastElementChild, 'x', place * FAN);
    });
  }

  /** What happened last, in words. */
  function said(count) {
    const row = rank[count] ? rows[seen[rank[count] - 1]] : null;
    return row?.querySelector('.what').textContent.trim() ?? '';
  }

  const tells = (most) => (count) => {
    tell(count, most);
    put(document.getElementById('now'), said(count));
  };
  const whole = [tells(WINDOW), stands, race], parts = [tells(PLAYING), stands, race];
  let turn = 0;

  return {
    said,
    show: (count) => whole.forEach((part) => part(count)),
    /** While events run by, a part of it for each frame: all would take longer than a frame lasts. */
    follow(count) {
      parts[turn](count);
      turn = (turn + 1) % parts.length;
    },
    at(share) {
      for (const one of [ahead, veil]) one.style.translate = `${(share * 100).toFixed(2)}% 0`;
    },
  };
}
