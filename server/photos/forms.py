"""Photos that come with a form's words, where no script sends them on their own."""

from typing import NamedTuple
from uuid import UUID, uuid5

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.requests import Request

from server.access import Who
from server.errors import Invalid
from server.photos.actions import checked
from server.photos.intake import digest
from server.schema import as_id


class Along(NamedTuple):
    """Ids of the photos that are kept for a form's post, and what was wrong with another."""

    ids: list[str]
    wrong: Invalid | None = None


async def sent_along(request: Request, who: Who, post: str | None) -> Along:
    """Keeps the files of the fields `photo`, under ids made of the post's and of what is in them.

    So a form that is sent twice brings them once. The fields `photos` name those that are here already,
    or will come.
    """
    app, form = request.app.state, await request.form()
    named = [id for one in form.getlist("photos") if (id := as_id(one))]
    files = [one for one in form.getlist("photo") if isinstance(one, UploadFile) and one.filename]
    try:
        if post is None:
            return Along(named)
        ids = [str(uuid5(UUID(post), await to_thread.run_sync(digest, one.file))) for one in files]
        try:
            checked([UUID(id) for id in named + ids], app.settings.photo_count)
        except Invalid as refused:
            return Along(named, _as_photo(refused))
        kept, wrong = await _taken(request, who, ids, files)
        return Along(named + kept, wrong and _as_photo(wrong))
    finally:
        await form.close()


async def sent_at(
    request: Request, who: Who, under: str, prefix: str
) -> tuple[dict[str, list[str]], Invalid | None]:
    """Keeps the files of the fields whose names begin so: the photos' ids by the rest of the name.

    Their ids are made of `under`, of that rest and of what is in them.
    """
    form = await request.form()
    named: dict[str, list[str]] = {}
    wrong: Invalid | None = None
    for key in dict.fromkeys(name for name in form if name.startswith(prefix)):
        files = [one for one in form.getlist(key) if isinstance(one, UploadFile) and one.filename]
        place = uuid5(UUID(under), key)
        ids = [str(uuid5(place, await to_thread.run_sync(digest, one.file))) for one in files]
        kept, refused = await _taken(request, who, ids[: request.app.state.settings.photo_count], files)
        if refused:
            wrong = Invalid({key: next(iter(refused.fields.values()))}, refused.values)
        if kept:
            named[key.removeprefix(prefix)] = kept
    return named, wrong


async def _taken(
    request: Request, who: Who, ids: list[str], files: list[UploadFile]
) -> tuple[list[str], Invalid | None]:
    """Those that could be kept, and what was wrong with the last of the others."""
    kept, wrong = list[str](), None
    for id, file in zip(ids, files, strict=False):
        try:
            await request.app.state.photos.take(who, id, file)
            kept.append(id)
        except Invalid as refused:
            wrong = refused
    return kept, wrong


def _as_photo(refused: Invalid) -> Invalid:
    """The form has one place for whatever is wrong with a photo."""
    return Invalid({"photo": next(iter(refused.fields.values()))}, refused.values)
