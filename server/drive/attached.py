"""Documents of the drive that hang on posts: named when something is said, shown under it.

A post is the same for the whole squad, so what hangs on it has to be: a document of the company or of the
squad itself, in a folder that not only those who manage it see. In the thread of a call, which the desk reads
too, it is the company’s. One that is no longer so, or in the bin, is not shown, and not named either.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
)
from starlette.datastructures import FormData

from server import journal
from server.access import Who
from server.calls.models import call
from server.drive import finding, queries
from server.drive.models import drive_attachment, drive_document, drive_folder, drive_version
from server.drive.queries import HERE, Document, Space, top
from server.drive.views import Attached
from server.errors import Invalid
from server.feed.models import post
from server.members.models import member
from server.schema import as_id
from web.render import N_

MOST = 6
"""Documents of one post."""
FOR_SQUAD = N_("One of these documents is gone, or not for the whole squad to see.")
FOR_DESK = N_("The desk reads this too: only documents that the whole company sees go along.")
RENEWED = 50
"""Posts of a squad that are shown anew, the newest, when what hangs on them has changed."""
OFFERED = 12
"""Documents that are offered at once."""


def named(form: FormData) -> list[str]:
    """The documents a form names."""
    return [id for one in form.getlist("documents") if (id := as_id(one))]


def for_all(squad: Any) -> ColumnElement[bool]:
    """Whether everybody in a squad sees a document, joined with its folder and that one’s `top`."""
    theirs = or_(drive_folder.c.squad.is_(None), drive_folder.c.squad == squad)
    return and_(HERE, theirs, top.c.rights != "keep")


def checked(c: Connection, who: Who, named: Collection[Any], root: str | None = None) -> list[str]:
    """Ids of documents that the caller and all who read it see, each once: their squad, under the `root` of a
    call the desk too. `Invalid` says the same of others and of what there is not.
    """
    ids = list(dict.fromkeys(str(one) for one in named))
    if not ids:
        return []
    if len(ids) > MOST:
        raise Invalid({"documents": N_("At most %(most)s documents at once.")}, {"most": MOST})
    called = root is not None and c.scalar(select(call.c.id).where(call.c.id == root)) is not None
    both = queries.seen(queries.spaces(c, who))
    there = _of_all(None if called else who.squad).where(both, drive_document.c.id.in_(ids))
    if set(c.scalars(there)) != set(ids):
        raise Invalid({"documents": FOR_DESK if called else FOR_SQUAD})
    return ids


def _of_all(squad: str | None) -> Any:
    query = select(drive_document.c.id).join(drive_folder, drive_folder.c.id == drive_document.c.folder)
    return query.join(top, top.c.id == drive_folder.c.top).where(for_all(squad))


def hang(c: Connection, id: str, documents: Sequence[str]) -> None:
    """Hangs these on a post."""
    if documents:
        rows = [{"post": id, "document": one, "place": n} for n, one in enumerate(documents)]
        c.execute(insert(drive_attachment), rows)


def take_off(c: Connection, posts: Collection[str]) -> None:
    """Nothing hangs on these any more."""
    c.execute(delete(drive_attachment).where(drive_attachment.c.post.in_(posts)))


def ids(c: Connection, id: str) -> list[str]:
    """What hangs on a post, by id, whether it is still to be seen or not."""
    here = select(drive_attachment.c.document).where(drive_attachment.c.post == id)
    return list(c.scalars(here.order_by(drive_attachment.c.place)))


# Made once: making it takes longer than its rows.
_wanted: BindParameter[str] = bindparam("wanted", expanding=True)
_newest = and_(drive_version.c.document == drive_document.c.id, drive_version.c.n == drive_document.c.n)
_called = select(call.c.id).where(call.c.id == func.coalesce(post.c.root, post.c.id)).exists()
_shown = (
    select(
        *(drive_attachment.c.post, drive_document.c.id, drive_document.c.name, drive_document.c.n),
        *(drive_version.c.size, drive_version.c.media_type, drive_version.c.pages),
        drive_version.c.cover,
    )
    .join(drive_document, drive_document.c.id == drive_attachment.c.document)
    .join(drive_version, _newest)
    .join(drive_folder, drive_folder.c.id == drive_document.c.folder)
    .join(top, top.c.id == drive_folder.c.top)
    .join(post, post.c.id == drive_attachment.c.post)
    .where(drive_attachment.c.post.in_(_wanted), for_all(post.c.squad))
    .where(or_(drive_folder.c.squad.is_(None), ~_called))
    .order_by(drive_attachment.c.place)
)


def of(c: Connection, posts: Collection[str]) -> dict[str, list[Attached]]:
    """What hangs on posts and is to be seen there."""
    found: dict[str, list[Attached]] = {}
    for row in c.execute(_shown, {"wanted": list(posts)}):
        one = Attached(row.id, row.name, row.n, row.size, row.media_type, row.pages, row.cover)
        found.setdefault(row.post, []).append(one)
    return found


def offered(c: Connection, who: Who, squad: str | None, q: str = "") -> list[Document]:
    """Documents to choose from: those that were found with some words, or the member’s own favourites and
    what they opened last; all of them for a whole squad to see, None: for the whole company.
    """
    if q.strip():
        places, _ = finding.find(c, who, q, finding.Sought(), most=3 * OFFERED)
        known = [one.document for one in places]
    else:
        known = at_hand(c, who)
    seen = set(c.scalars(_of_all(squad).where(drive_document.c.id.in_([one.id for one in known]))))
    return [one for one in known if one.id in seen][:OFFERED]


def at_hand(c: Connection, who: Who) -> list[Document]:
    """What a member has marked, then what they opened last."""
    both = [*queries.favourites(c, who), *queries.lately(c, who)]
    return list({one.id: one for one in both}.values())


def squads_of(c: Connection, documents: Collection[str]) -> list[str]:
    """In whose posts these hang."""
    query = select(post.c.squad).join(drive_attachment, drive_attachment.c.post == post.c.id)
    return list(c.scalars(query.where(drive_attachment.c.document.in_(documents)).distinct()))


def hung_in(c: Connection, folders: Collection[str]) -> list[str]:
    """The documents of these folders that hang on any post."""
    query = select(drive_document.c.id).where(drive_document.c.folder.in_(folders))
    return list(c.scalars(query.where(drive_document.c.id.in_(select(drive_attachment.c.document)))))


def renew(c: Connection, who: Who, documents: Collection[str]) -> None:
    """Posts on which these hang are shown anew: they are called otherwise, or not for all to see any more.

    The streams of `squads_of` are held by then.
    """
    query = select(post.c.squad, post.c.id, post.c.feed_offset)
    query = query.join(drive_attachment, drive_attachment.c.post == post.c.id)
    query = query.where(drive_attachment.c.document.in_(documents), post.c.deleted_at.is_(None))
    found: dict[str, list[str]] = {}
    for squad, id, _ in c.execute(query.order_by(post.c.feed_offset.desc()).distinct()):
        found.setdefault(squad, []).append(id)
    for squad in sorted(found):
        journal.append(c, squad, "attached", {"posts": found[squad][:RENEWED]}, actor=who.id)


def open_to(c: Connection, who: Who, document: str) -> list[Space]:
    """The squads of a member that may be given a document: everybody in them sees it."""
    mine = [space for space in queries.spaces(c, who) if space.id]
    here = drive_document.c.id == document
    return [one for one in mine if c.scalar(_of_all(one.id).where(here)) is not None]


def of_document(c: Connection, known: Sequence[Space], document: str) -> list[Any]:
    """Where a document was posted in the squads of a reader of these parts, but for answers to calls; the
    last first: (id, squad, root, by, at).
    """
    own = [space.id for space in known if space.id]
    at = post.c.captured_at.label("at")
    query = select(post.c.id, post.c.squad, post.c.root, member.c.name.label("by"), at)
    query = query.join(drive_attachment, drive_attachment.c.post == post.c.id)
    query = query.join(member, member.c.id == post.c.author)
    query = query.where(drive_attachment.c.document == document, post.c.deleted_at.is_(None))
    above = post.alias("above")
    there = select(above.c.id).where(above.c.id == post.c.root, above.c.deleted_at.is_(None)).exists()
    query = query.where(post.c.kind != "answer", or_(post.c.root.is_(None), there))
    newest = query.where(post.c.squad.in_(own)).order_by(post.c.captured_at.desc(), post.c.id.desc())
    return list(c.execute(newest.limit(20)))
