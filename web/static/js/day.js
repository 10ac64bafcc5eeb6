/* A squad's day on the map, as data: what the snapshot says and what the frames after it change.
   Knows neither map nor markup. */

const order = (a, b) => (a.captured < b.captured ? -1 : a.captured > b.captured ? 1 : a.id < b.id ? -1 : 1);

/** From the answer of /api/v1/squads/{id}/map. */
export function day(snapshot) {
  const { members, head, day: date } = snapshot;
  const customers = new Map(), checkins = new Map(), stops = new Map();
  const sweep = { lanes: [], rally: null };
  for (const { geometry, properties: it } of snapshot.features) {
    const at = geometry?.coordinates ?? null;
    if (it.kind === 'customer') customers.set(it.id, { id: it.id, name: it.name, at });
    else if (it.kind === 'lane') sweep.lanes.push({ member: it.member, area: geometry });
    else if (it.kind === 'stop') stops.set(it.id, { ...it, at });
    else if (it.kind === 'rally') sweep.rally = { name: it.name, when: it.at, at };
    else {
      const { id, member, customer, name, captured_at: captured, result } = it;
      checkins.set(id, { id, member, customer, name, captured, result, at });
    }
  }

  function put(data) {
    if (data.local_date < date) return 'old';
    const known = checkins.get(data.id), customer = customers.get(data.customer);
    const named = customer?.name ?? (known?.customer === data.customer ? known.name : null);
    if (data.local_date > date || !members[data.member] || named === null) return 'unknown';
    const { lon, lat } = data.position ?? {};
    checkins.set(data.id, {
      id: data.id, member: data.member, customer: data.customer, name: named, captured: data.captured_at,
      result: data.outcome?.result ?? null, at: lon === undefined ? (customer?.at ?? null) : [lon, lat],
    });
    return known ? 'changed' : 'new';
  }

  function stop({ id, state }) {
    const known = stops.get(id);
    if (known) known.state = state;
    return known ? 'changed' : 'unknown';
  }

  /** What a frame did: old | new | changed | gone | unknown (the snapshot must be fetched again). */
  function apply({ kind, data }) {
    if (['checkin', 'outcome', 'visit'].includes(kind)) return put(data);
    if (kind === 'stop') return stop(data);
    if (kind === 'deleted') return checkins.delete(data.id) || checkins.delete(data.post) ? 'gone' : 'old';
    return ['member', 'customer', 'sweep', 'lanes'].includes(kind) ? 'unknown' : 'old';
  }

  /** Each member's check-ins that have a place, in their order, numbered: [{member, stops}]. */
  function trails() {
    const by = new Map();
    for (const one of [...checkins.values()].filter(({ at }) => at).sort(order)) {
      if (!by.has(one.member)) by.set(one.member, []);
      const stops = by.get(one.member);
      stops.push({ ...one, number: stops.length + 1 });
    }
    return [...by].map(([id, stops]) => ({ id, member: members[id], stops }));
  }

  /** The sweep's stops still to visit; without one, customers of the squad where nobody has been today. */
  function planned() {
    if (sweep.rally) return [...stops.values()].filter(({ at, state }) => at && state === 'planned');
    const seen = new Set([...checkins.values()].map(({ customer }) => customer));
    return [...customers.values()].filter(({ id, at }) => at && !seen.has(id));
  }

  return { head, members, checkins, sweep, apply, trails, planned };
}
