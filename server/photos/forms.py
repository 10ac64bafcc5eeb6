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
        wrong = None
        for id, file in zip(ids, files, strict=True):
            try:
                await app.photos.take(who, id, file)
                named.append(id)
            except Invalid as refused:
                wrong = _as_photo(refused)
        return Along(named, wrong)
    finally:
        await form.close()


def _as_photo(refused: Invalid) -> Invalid:
    """The form has one place for whatever is wrong with a photo."""
    return Invalid({"photo": next(iter(refused.fields.values()))}, refused.values)
