"""The rules, and what each asks of a caller."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from server.access.finding import FOR_ALL, IN_DRIVE, find, with_bell
from server.access.who import MEANT_FOR, Who, credential
from server.errors import Forbidden, NotFound, SignedOut
from server.schema import as_id

FILES = ("photo", "document")
"""Shown inside a page, without a frame of their own."""


@dataclass(frozen=True)
class Rule:
    """One kind of admission, used as a dependency: `who: Annotated[Who, Depends(IN_SQUAD)]`.

    `about` is the path parameter it looks at (one of `ABOUT`), empty for none.
    """

    name: str
    about: str = ""

    def allows(self, who: Who) -> bool:
        """Whether the caller, who may see it, may also do it."""
        if self.name in ("author", "own visit", "own call", "own link"):
            return who.author == who.id
        if self.name in ("lead", "planner"):
            return who.leads
        if self.name == "own in sweep":
            return who.leads or who.author in (None, who.id)
        if self.name == "offered":
            return who.author != who.id and who.meant in (None, who.id)
        if self.name == "steward":
            return who.steward
        if self.name == "helper":
            return who.author != who.id
        if self.name == "holder":
            return who.leads or who.meant == who.id
        if self.name == "party":
            return who.id in (who.author, who.meant)
        if self.name in ("adds", "own upload"):
            return who.adds
        if self.name == "keeps":
            return who.keeps
        if self.name == "clears":
            return who.leads or who.author == who.id
        if self.name in ("keeps item", "ends link"):
            return who.keeps or who.author == who.id
        if self.name == "announcer":
            return who.leads if who.squad else who.role == "admin"
        if self.name == "trainer":
            return who.trains
        if self.name == "admin":
            return who.role == "admin"
        return True

    def visible(self, who: Who) -> bool:
        """Whether it exists for the caller at all."""
        if self.about in ("", "win"):  # what is in the hall is there for all
            return True
        if self.about in FOR_ALL and who.squad is None:
            return True
        if self.about in IN_DRIVE:
            return _in_drive(self.about, who)
        if self.about in ("call", "document", "customer") and who.role == "desk":  # answers for every squad
            return True
        return who.steward if self.name == "steward" and not who.inside else who.inside

    async def __call__(self, request: HTTPConnection) -> Who:
        """The caller, admitted; otherwise the error that tells no more than it may."""
        held = credential(request)
        if held is None:
            raise SignedOut
        subject = as_id(request.path_params.get(self.about)) if self.about else None
        who: Who | None = None
        if subject or not self.about:
            look = with_bell if self.about not in FILES and _page(request) else find
            who = await request.app.state.db.read(look, held, self.about, subject)
        if who is None or not self.visible(who):
            somebody = await anyone(request)
            raise NotFound if somebody and _meant(request, somebody) else SignedOut
        if not _meant(request, who):
            raise SignedOut
        request.state.who = who
        if not self.allows(who):
            raise Forbidden
        return who


def _in_drive(about: str, who: Who) -> bool:
    """The company's is for all, a squad's for those in it; in the bin, for who threw it there and keepers."""
    if who.squad is not None and not who.inside:
        return False
    if about == "upload" and who.author != who.id:
        return False
    return who.keeps or (who.author == who.id if about == "binned" else who.rights != "keep")


def _page(request: HTTPConnection) -> bool:
    """Whether it is a page that is asked for, with the frame around it. A refused form comes back as one."""
    return not str(request.scope["path"]).startswith("/api/")


def _meant(request: HTTPConnection, who: Who) -> bool:
    """False when somebody else has signed in on this phone since it kept what it sends now."""
    return request.headers.get(MEANT_FOR, who.id) == who.id


async def anyone(request: HTTPConnection) -> Who | None:
    """No admission needed; the caller if there is one."""
    if (held := credential(request)) is None:
        return None
    who: Who | None = await request.app.state.db.read(find, held, "", None)
    request.state.who = who
    return who


async def everybody(_: HTTPConnection) -> None:
    """No admission, and nobody is asked who they are: it must work while the database does not."""


SIGNED_IN = Rule("signed in")
ADMIN = Rule("admin")
IN_SQUAD = Rule("in squad", "squad")
LEAD = Rule("lead", "squad")
STEWARD = Rule("steward", "squad")
ON_POST = Rule("on post", "post")
AUTHOR = Rule("author", "post")
CLEARER = Rule("clears", "post")  # whoever sent the document it asks about, or leads
ON_PHOTO = Rule("on photo", "photo")
ON_VISIT = Rule("on visit", "visit")
OWN_VISIT = Rule("own visit", "visit")
IN_HALL = Rule("in hall", "win")
ON_ANNOUNCEMENT = Rule("on announcement", "announcement")
ANNOUNCER = Rule("announcer", "announcement")
ON_TRACK = Rule("on track", "track")
TRAINER = Rule("trainer", "track")
ON_SWEEP = Rule("on sweep", "sweep")
PLANNER = Rule("planner", "sweep")
STOP_PLANNER = Rule("planner", "stop")
OWN_LANE = Rule("own in sweep", "lane")
OWN_STOP = Rule("own in sweep", "stop")  # nobody's is everybody's
OWN_HANDOVER = Rule("own in sweep", "handover")
OFFERED = Rule("offered", "handover")
ON_CALL = Rule("on call", "call")
ON_DOCUMENT = Rule("on document", "document")
ON_CUSTOMER = Rule("on customer", "customer")
OWN_CALL = Rule("own call", "call")
HELPER = Rule("helper", "call")  # whoever sees it and did not ask
HOLDER = Rule("holder", "call")  # whoever has it, or leads
PARTY = Rule("party", "call")
ON_FOLDER = Rule("on folder", "folder")
ADDER = Rule("adds", "folder")
KEEPER = Rule("keeps", "folder")
ON_ITEM = Rule("on item", "item")
ITEM_ADDER = Rule("adds", "item")
ITEM_KEEPER = Rule("keeps item", "item")  # whoever brought it, or keeps the folder
OWN_LINK = Rule("own link", "link")
LINK_ENDER = Rule("ends link", "link")  # whoever made it, or keeps the folder
IN_BIN = Rule("in bin", "binned")
OWN_UPLOAD = Rule("own upload", "upload")
ANYONE = anyone
OPEN = everybody
