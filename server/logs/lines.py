"""How the lines of a log are made: of visits, of a week's days, of own fields, of what is asked besides."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from server.feed.views import Post
from server.logs.views import SECTIONS, Field, Line, Log
from web.prose import prose

Before = dict[str, list[tuple[str, datetime]]]


class Written(NamedTuple):
    """What is kept of a log: its rows by key, what they said before, whom it names."""

    rows: Mapping[str, Any]
    before: Before
    called: Mapping[str, str]


NOTHING = Written({}, {}, {})


def drafted(post: Post) -> str:
    """What a line says before its author has touched it: the note, and how it went."""
    assert post.visit
    said = (post.visit.note.strip(), post.visit.outcome_note.strip())
    return "\n".join(dict.fromkeys(words for words in said if words))


def at_visit(visit: str, field: str) -> str:
    """The key of a visit's own field."""
    return str(uuid5(UUID(visit), field))


def of_visits(
    posts: Iterable[Post], calls: Mapping[str, list[Post]], fields: Iterable[Field], known: Written
) -> list[Line]:
    """In the order given, each with the fields that are asked of a visit."""
    asked, made = [one for one in fields if one.form == "visit"], []
    for shown in posts:
        line = _line(shown.id, drafted(shown), known)
        line.post, line.calls = shown, calls.get(shown.id, [])
        for one in asked:
            more = _line(at_visit(shown.id, one.id), "", known)
            more.field = one
            line.fields.append(more)
        made.append(line)
    return made


def of_fields(fields: Iterable[Field], kind: str, known: Written) -> list[Line]:
    """The fields that are asked of a day or a week."""
    made = []
    for one in fields:
        if one.form == kind:
            line = _line(one.id, "", known)
            line.field = one
            made.append(line)
    return made


def of_days(days: Mapping[str, str], known: Written) -> list[Line]:
    """A week's days, by ISO date, as they are drafted or kept."""
    made = []
    for key in sorted({*days, *(key for key in known.rows if _is_day(key))}):
        line = _line(key, days.get(key, ""), known)
        line.day = date.fromisoformat(key)
        made.append(line)
    return made


def sections(drafts: Mapping[str, str], known: Written) -> list[Line]:
    """What only a person knows; of a week drafted from what its days say."""
    return [_line(key, drafts.get(key, ""), known) for key in SECTIONS]


def _line(key: str, text: str, known: Written) -> Line:
    row = known.rows.get(key)
    if row is None:
        return Line(key, None, text, 0, None, prose("", {}))
    html, before = prose(row.told or "", known.called), known.before.get(row.id, [])
    return Line(key, row.id, row.text if row.revision else text, row.revision, row.told, html, before=before)


def _is_day(key: str) -> bool:
    try:
        date.fromisoformat(key)
    except ValueError:
        return False
    return len(key) == 10


def week(days: Iterable[Log]) -> tuple[dict[str, str], dict[str, str]]:
    """A week as its days draft it: what each says, by ISO date, and what is asked after them."""
    found, asked = dict[str, str](), {key: list[str]() for key in SECTIONS}
    for one in days:
        visits = [_of_visit(line) for line in one.visits]
        said = {line.key: line.text.strip() for line in one.sections}
        if visits or any(said.values()):
            found[one.day.isoformat()] = "\n".join(visits)
        for key, words in said.items():
            if words:
                asked[key] = [words] if key == "tomorrow" else [*asked[key], words]
    return found, {key: "\n\n".join(dict.fromkeys(words)) for key, words in asked.items()}


def _of_visit(line: Line) -> str:
    assert line.visit
    words = " ".join(line.text.split())
    return f"- **{line.visit.customer}**" + (f": {words}" if words else "")
