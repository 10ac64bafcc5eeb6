"""What the drive's pages show; their place in the streams is read before their content."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from server import journal
from server.access import Who
from server.drive import attached, finding, inner, keeping, pinned, queries, reading, shared, snippets
from server.drive import shown as shown_there
from server.drive.filing import layers_of
from server.drive.kinds import KINDS, RIGHTS, TYPES, UNKNOWN, Type
from server.drive.queries import Document
from server.feed.state import cursors
from server.members.queries import last_squad
from web.prose import prose

FIXED = {"kinds": KINDS, "rights": RIGHTS}


def around(c: Connection, who: Who) -> dict[str, Any]:
    """The frame of every page: the parts of the drive (`known`) with their top folders."""
    known = queries.spaces(c, who)
    keys = ["company", f"me:{who.id}", *(one.id for one in known if one.id)]
    streams = {key: journal.head(c, key) for key in keys}
    tops = queries.folders(c, who, known=known)
    rail = [(space, [one for one in tops if one.squad == space.id]) for space in known]
    fixed = {"squad_id": last_squad(c, who.id), "known": known, **FIXED}
    return {"streams": cursors(streams), "rail": rail, "given_now": shared.standing(c, who, known), **fixed}


def home(c: Connection, who: Who) -> dict[str, Any]:
    """Where the drive begins: folders, what was marked, what was shown lately."""
    shown = around(c, who)
    mine = {"favourites": queries.favourites(c, who, shown["known"])}
    return {**shown, **mine, "lately": queries.lately(c, who, shown["known"])}


def folder(c: Connection, who: Who, id: str, tag: str = "") -> dict[str, Any]:
    """One folder: what is around it, the folders and documents in it, and the tags these have."""
    shown = around(c, who)
    path = queries.path(c, id)
    every = queries.documents(c, who, id)
    tags = sorted({one for document in every for one in document.tags})
    chosen = [one for one in every if not tag or tag in one.tags]
    below = queries.folders(c, who, id, shown["known"]) if not tag else []
    here = {"here": path[-1], "above": path[:-1], "below": below, "documents": chosen}
    here["inside"] = pinned.weight(c, id)
    return {**shown, **here, "tags": tags, "tag": tag, "total": len(every), "usual": usual(every)}


def found(c: Connection, who: Who, q: str, after: int) -> dict[str, Any]:
    """What was found with some words, from that one on."""
    shown = around(c, who)
    places, more = finding.find(c, who, q, finding.Sought(), after, known=shown["known"])
    links = [queries.href(one.document.id, one.page, q) for one in places]
    found = list(zip(places, links, strict=True))
    return {**shown, "q": q, "found": found, "after": after + len(places) if more else 0}


def usual(documents: Sequence[Document]) -> str:
    """The kind most documents of a folder have: that of what is dropped on it."""
    found = Counter(one.kind for one in documents).most_common(1)
    return found[0][0] if found else "other"


def document(c: Connection, who: Who, id: str, page: int = 0, q: str = "") -> dict[str, Any]:
    """One document with all its versions, and what is written in it: on all its pages, or those about one."""
    shown = around(c, who)
    one = queries.some(c, who, [id])[id]
    path = queries.path(c, one.folder)
    past = [(row, type_of(row.media_type)) for row in queries.versions(c, id)]
    kind = reading.kind_of(one.media_type, one.suffix)
    inside = inner.inside(c, id, page) if kind and not one.pages else inner.NOTHING
    hits = snippets.pages_with(c, id, q) if q and (one.pages or inside.pages) else []
    here = {"one": one, "here": path[-1], "above": path[:-1], "versions": past}
    here["links_here"] = shared.of_document(c, who, id)
    here["card"] = keeping.card(c, shown["known"], id)
    here["given"] = shown_there.in_calls(c, shown["known"], id)
    here["shown_where"] = shown_there.of_document(c, shown["known"], id)
    here["posted"] = attached.of_document(c, shown["known"], id)
    here["planned"] = queries.planned(c, who, id)
    said = inner.said(c, id, one, kind)
    return {
        **shown,
        **here,
        "inside": inside,
        "leaves": one.pages or max(1, inner.count(c, id)),
        "written": kind,
        "page": page,
        "q": q,
        "hits": hits,
        "said": said,
        "prose": prose,
        "mark": lambda text: snippets.marked(text, q),
    }


def moving(c: Connection, who: Who, id: str) -> dict[str, Any]:
    """A document and where it may go."""
    one: Document = queries.some(c, who, [id])[id]
    shown = around(c, who)
    names = {space.id: space.name for space in shown["known"]}
    targets = [(to.id, to.squad, words) for to, words in queries.targets(c, who, shown["known"])]
    if one.folder not in {to for to, _, _ in targets}:
        targets.insert(0, (one.folder, one.squad, one.folder_name))
    return {**shown, "one": one, "targets": targets, "names": names}


def reordering(c: Connection, who: Who, id: str) -> dict[str, Any]:
    """A folder and where it may go: into another of its part, but not into itself."""
    path = queries.path(c, id)
    own = {one for layer in layers_of(c, id) for one in layer}
    shown = around(c, who)
    targets = queries.targets(c, who, shown["known"])
    inside = [(to.id, words) for to, words in targets if to.squad == who.squad and to.id not in own]
    return {**shown, "here": path[-1], "above": path[:-1], "targets": inside}


def type_of(media_type: str) -> Type:
    """What content of a type is called and looks like."""
    return TYPES.get(media_type, TYPES[UNKNOWN])
