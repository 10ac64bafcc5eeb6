/* A sweep's replay as data: what had happened by a moment, and how everybody stood. Knows no page.

   Made from GET /api/v1/sweeps/{id}/replay. Whatever is asked for each frame is laid out beforehand, so that
   a frame needs one binary search, however many events there are. */

/** The course of a sweep; times are milliseconds. */
export function day(told) {
  const events = told.events.map((one) => ({ ...one, at: Date.parse(one.at) }));
  const times = Float64Array.from(events, ({ at }) => at);
  const members = told.before.map(({ member }) => member);
  const place = new Map(members.map((member, m) => [member, m]));
  const first = told.before, wide = members.length;
  /* Of each member, after so many events: the last event that changed how they stand, and their entry of it. */
  const last = new Int32Array((events.length + 1) * wide).fill(-1);
  const stands = events.map(({ after }) => new Map(after.map((stand) => [place.get(stand.member), stand])));
  events.forEach((_, n) => {
    last.copyWithin((n + 1) * wide, n * wide, (n + 1) * wide);
    for (const m of stands[n].keys()) last[(n + 1) * wide + m] = n;
  });
  const turns = events.filter(({ moment }) => moment).map(({ at }) => at);
  const names = new Map(events.map(({ customer, name }) => [customer, name]));

  /** How many events had happened by a moment. */
  function count(moment) {
    let low = 0, high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How a member, by number, stood after so many events. */
  function stand(n, m) {
    const by = last[n * wide + m];
    return by < 0 ? first[m] : stands[by].get(m);
  }

  return {
    told, events, members, count, stand,
    named: (customer) => names.get(customer) ?? '',
    colour: (member) => told.members[member]?.colour ?? 1,
    next: (moment) => turns.find((at) => at > moment),
    before: (moment) => turns.findLast((at) => at < moment),
  };
}
