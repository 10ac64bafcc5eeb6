"""What can be asked about the feed: a page of it, some posts, a thread."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select

from server.calls import cards
from server.customers.models import customer
from server.drive import attached
from server.drive.cards import cards as questions_of
from server.drive.views import Attached
from server.feed.actions import REACTIONS
from server.feed.models import mention, post, reaction
from server.feed.views import Met, Person, Post, Reaction, Reply
from server.feed.visited import late, visited
from server.logs.cards import cards as log_cards
from server.members.models import member
from server.names import initials
from server.photos import queries as photos
from server.sweeps.models import sweep
from server.visits.models import visit
from web.prose import prose

SHOWN_REPLIES = 2

_posts = (
    select(
        post,
        customer.c.name.label("customer_name"),
        *(column.label(f"v_{column.name}") for column in visit.c),
        *(sweep.c[name].label(f"s_{name}") for name in ("id", "name", "rally_name", "met_sums")),
    )
    .outerjoin(visit, visit.c.id == post.c.id)
    .outerjoin(customer, customer.c.id == visit.c.customer)
    .outerjoin(sweep, (sweep.c.id == post.c.client_id) & (post.c.kind == "met"))
    .where(post.c.deleted_at.is_(None))
)


def page(
    c: Connection, squad: str, limit: int, before: int | None = None, only: str | None = None
) -> list[Post]:
    """The newest posts of a squad, or those below a place in the feed; `only` = "wins" for the wins."""
    query = _posts.where(post.c.squad == squad, post.c.root.is_(None))
    if before is not None:
        query = query.where(post.c.feed_offset < before)
    if only == "wins":
        query = query.where(visit.c.result == "won")
    return _filled(c, query.order_by(post.c.feed_offset.desc()).limit(limit))


# Statements of every page and frame are made once, here: making them takes longer than their rows.
_wanted: BindParameter[str] = bindparam("wanted", expanding=True)
_some = _posts.where(post.c.id.in_(_wanted), post.c.root.is_(None))
_replies = select(post).where(post.c.deleted_at.is_(None))
_some_replies = _replies.where(
    post.c.root.is_not(None), post.c.id.in_(_wanted) | post.c.parent.in_(_wanted)
).order_by(post.c.feed_offset)
_reactions_of = (
    select(reaction).where(reaction.c.post.in_(_wanted)).order_by(reaction.c.at, reaction.c.member)
)
_mentions_of = select(mention).where(mention.c.post.in_(_wanted)).order_by(mention.c.member)
_persons = select(member.c.id, member.c.name, member.c.initials, member.c.colour).where(
    member.c.id.in_(_wanted)
)


def some(c: Connection, ids: Iterable[str]) -> dict[str, Post]:
    """Posts by id; those that are gone are left out."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    return {one.id: one for one in _filled(c, _some, {"wanted": wanted})}


def thread(c: Connection, root: str) -> list[Reply]:
    """The replies under a post, oldest first, replies to replies inside them."""
    rows = c.execute(_replies.where(post.c.root == root).order_by(post.c.feed_offset)).all()
    return nested(replies_of(c, rows))


def some_replies(c: Connection, ids: Iterable[str]) -> dict[str, Reply]:
    """Replies by id, each with the replies to it."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = c.execute(_some_replies, {"wanted": wanted}).all()
    known = {one.id: one for one in replies_of(c, rows)}
    for one in known.values():
        if one.parent in known:
            known[one.parent].replies.append(one)
    return {id: known[id] for id in wanted if id in known}


def nested(flat: Sequence[Reply]) -> list[Reply]:
    """A flat thread as a tree one level deep; a reply whose parent is gone stands on its own."""
    known = {one.id: one for one in flat}
    top = []
    for one in flat:
        if one.parent in known:
            known[one.parent].replies.append(one)
        else:
            top.append(one)
    return top


# The last replies under some posts, each with the number of all under its post.
_ranked = (
    _replies.add_columns(
        func.row_number().over(partition_by=post.c.root, order_by=post.c.feed_offset.desc()).label("place"),
        func.count().over(partition_by=post.c.root).label("total"),
    )
    .where(post.c.root.in_(_wanted))
    .subquery()
)
_last = select(_ranked).where(_ranked.c.place <= SHOWN_REPLIES).order_by(_ranked.c.feed_offset)


def _filled(c: Connection, query: Select[Any], values: dict[str, Any] | None = None) -> list[Post]:
    rows = c.execute(query, values).all()
    if not rows:
        return []
    said = c.execute(_last, {"wanted": [row.id for row in rows]}).all()
    under: dict[str, list[Any]] = {}
    for one in said:
        under.setdefault(one.root, []).append(one)
    everybody = [row.id for row in (*rows, *said)]
    hung = photos.of(c, [row.id for row in rows])
    felt, named = reactions_of(c, everybody), mentions_of(c, everybody)
    along = attached.of(c, everybody)
    calls = cards.rows(c, [row.id for row in rows if row.kind == "call"])
    logs = log_cards(c, [row.id for row in rows if row.kind == "log"])
    questions = questions_of(c, [row.id for row in rows if row.kind == "question"])
    given = cards.Answers(c, [row.id for row in said if row.kind == "answer"])
    others = _ids(felt) | _ids(named) | cards.people(calls) | given.people
    people = persons(c, {row.author for row in (*rows, *said)} | others)
    found = []
    for row in rows:
        last = under.get(row.id, [])
        replies = [_reply(one, people, felt, named, given, along) for one in last]
        made = _post(row, people, felt, named, replies, last[0].total if last else 0)
        made.photos, made.documents = hung.get(row.id, []), along.get(row.id, [])
        made.question = questions.get(row.id)
        made.call = cards.card(calls[row.id], people) if row.id in calls else None
        if row.id in logs:
            named_in = named.get(row.id, {}).get("", [])
            made.log, made.html = logs[row.id], prose(row.text, {people[by].name: by for by in named_in})
        found.append(made)
    return found


def replies_of(c: Connection, rows: Sequence[Any]) -> list[Reply]:
    """Rows of the post table as replies, with names, reactions and mentions."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    felt, named = reactions_of(c, ids), mentions_of(c, ids)
    given = cards.Answers(c, [row.id for row in rows if row.kind == "answer"])
    people = persons(c, {row.author for row in rows} | _ids(felt) | _ids(named) | given.people)
    along = attached.of(c, ids)
    return [_reply(row, people, felt, named, given, along) for row in rows]


Felt = dict[str, dict[str, list[str]]]


def reactions_of(c: Connection, ids: list[str]) -> Felt:
    """post -> kind -> members, in the order they reacted."""
    found: Felt = {}
    for row in c.execute(_reactions_of, {"wanted": ids}):
        found.setdefault(row.post, {}).setdefault(row.kind, []).append(row.member)
    return found


def mentions_of(c: Connection, ids: list[str]) -> Felt:
    """post -> {"": members named in it}."""
    found: Felt = {}
    for row in c.execute(_mentions_of, {"wanted": ids}):
        found.setdefault(row.post, {}).setdefault("", []).append(row.member)
    return found


def _ids(found: Felt) -> set[str]:
    return {by for kinds in found.values() for members in kinds.values() for by in members}


def persons(c: Connection, ids: set[str]) -> dict[str, Person]:
    """The name directory's part for these members."""
    return {
        row.id: Person(row.id, row.name, row.initials or initials(row.name), row.colour)
        for row in c.execute(_persons, {"wanted": list(ids)})
    }


def reactions_shown(id: str, felt: Felt, people: dict[str, Person]) -> list[Reaction]:
    """The reactions to one post, in the order of their kinds."""
    given = felt.get(id, {})
    return [
        Reaction(kind, emoji, [people[by] for by in given[kind]])
        for kind, emoji in REACTIONS.items()
        if kind in given
    ]


def marked(text: str, named: list[Person]) -> Markup:
    """The text as HTML, with the names it mentions marked; lines stay lines."""
    html = str(escape(text))
    called = {f"@{escape(person.name)}": person.id for person in named}
    if called:
        longest_first = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
        mark = '<b class="mention" data-member="{}">{}</b>'
        html = re.sub(longest_first, lambda found: mark.format(called[found[0]], found[0]), html)
    return Markup(html)  # noqa: S704 - escaped above


def _reply(
    row: Any,
    people: dict[str, Person],
    felt: Felt,
    named: Felt,
    given: cards.Answers,
    along: dict[str, list[Attached]],
) -> Reply:
    called = named.get(row.id, {}).get("", [])
    return Reply(
        row.id,
        row.feed_offset,
        row.root,
        row.parent,
        people[row.author],
        min(row.captured_at, row.recorded_at),
        row.text,
        marked(row.text, [people[by] for by in called]),
        row.edited_at is not None,
        late(row.captured_at, row.recorded_at),
        reactions_shown(row.id, felt, people),
        " ".join(called),
        given.of(row.id, people),
        along.get(row.id, []),
    )


def _post(
    row: Any, people: dict[str, Person], felt: Felt, named: Felt, replies: list[Reply], count: int
) -> Post:
    called = named.get(row.id, {}).get("", [])
    shown = visited(row) if row.v_id else None
    at = min(row.captured_at, row.recorded_at)
    if shown and shown.closed_at:
        at = max(at, shown.closed_at)
    return Post(
        row.id,
        row.feed_offset,
        row.squad,
        row.kind,
        people[row.author],
        at,
        row.recorded_at,
        row.text,
        marked(row.text, [people[by] for by in called]),
        row.edited_at is not None,
        late(row.captured_at, row.recorded_at),
        shown,
        reactions_shown(row.id, felt, people),
        " ".join(called),
        [],
        replies,
        count,
        Met(row.s_id, row.s_name, row.s_rally_name, **row.s_met_sums) if row.s_id else None,
    )
