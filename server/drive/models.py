"""The drive: folders of the company and of squads, the documents in them with every version, the bin; the
links customers open them by.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Table, Text, false

from server.schema import Id, Moment, metadata, ref

drive_bin = Table(
    "drive_bin",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id", nullable=True),  # none: the company's
    Column("what", String(8), nullable=False),  # folder, document
    Column("name", String(120), nullable=False),
    ref("by", "member.id"),
    Column("at", Moment, nullable=False, index=True),
)
drive_folder = Table(
    "drive_folder",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id", nullable=True, index=True),  # none: the company's
    ref("parent", "drive_folder.id", nullable=True, index=True),
    ref("top", "drive_folder.id", index=True),  # the outermost around it, or itself: whose rights it has
    Column("name", String(120), nullable=False),
    Column("rights", String(4), nullable=False),  # of a top one: add, view, keep
    ref("made_by", "member.id"),
    Column("client_id", Id, nullable=False),
    Column("made_at", Moment, nullable=False),
    ref("bin", "drive_bin.id", nullable=True, index=True),
    Index("uq_drive_folder_client", "made_by", "client_id", unique=True),
)
drive_document = Table(
    "drive_document",
    metadata,
    Column("id", Id, primary_key=True),
    ref("folder", "drive_folder.id", index=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("n", Integer, nullable=False),  # of the version that counts
    ref("made_by", "member.id"),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    ref("bin", "drive_bin.id", nullable=True, index=True),
)
drive_version = Table(
    "drive_version",
    metadata,
    Column("id", Id, primary_key=True),
    ref("document", "drive_document.id"),
    Column("n", Integer, nullable=False),
    Column("hash", String(64), nullable=False, index=True),  # its name in the store
    Column("size", BigInteger, nullable=False),  # bytes
    Column("media_type", String(80), nullable=False),  # by its content
    Column("suffix", String(8), nullable=False),  # of the file that came, without the dot
    Column("pages", Integer),  # that can be drawn; none: nobody has looked
    Column("cover", Boolean, nullable=False, server_default=false()),  # the first can be seen, as a picture
    Column("why", String(8)),  # there are none: locked, broken, pixels
    ref("by", "member.id"),
    Column("client_id", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Index("uq_drive_version_n", "document", "n", unique=True),
    Index("uq_drive_version_client", "by", "client_id", unique=True),
)
drive_tag = Table(
    "drive_tag",
    metadata,
    ref("document", "drive_document.id", primary_key=True),
    Column("tag", String(40), primary_key=True),
)
drive_mark = Table(
    "drive_mark",
    metadata,
    ref("member", "member.id", primary_key=True),
    ref("document", "drive_document.id", primary_key=True),
    Column("favourite_at", Moment),
    Column("opened_at", Moment),
)
drive_upload = Table(
    "drive_upload",
    metadata,
    Column("id", Id, primary_key=True),
    ref("folder", "drive_folder.id", index=True),
    Column("filename", String(200), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes it will have
    Column("offset", BigInteger, nullable=False),  # bytes that are here
    Column("parts", JSON, nullable=False),  # their names in the store, in order
    ref("made_by", "member.id", index=True),
    Column("made_at", Moment, nullable=False, index=True),
    ref("document", "drive_document.id", nullable=True, index=True),  # once it is whole
)
drive_link = Table(
    "drive_link",
    metadata,
    Column("id", Id, primary_key=True),
    ref("document", "drive_document.id", index=True),
    ref("squad", "squad.id", nullable=True),  # which hears what the customer asks; none: nobody can
    ref("customer", "customer.id", nullable=True, index=True),
    ref("made_by", "member.id"),
    Column("client_id", Id, nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("code", String(200)),  # hashed; none: none is asked for
    Column("download", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    ref("ended_by", "member.id", nullable=True),
    Column("again_at", Moment),  # when the customer asked for it once more
    Index("uq_drive_link_client", "made_by", "client_id", unique=True),
)
drive_view = Table(
    "drive_view",
    metadata,
    Column("id", Id, primary_key=True),  # made in the customer's browser, for one visit of the page
    ref("link", "drive_link.id", index=True),
    Column("n", Integer, nullable=False),  # of the version that was shown
    Column("at", Moment, nullable=False),
    Column("pages", JSON, nullable=False),  # seconds each was on the screen, by its number
)
drive_question = Table(
    "drive_question",
    metadata,
    ref("id", "post.id", primary_key=True),
    ref("link", "drive_link.id", nullable=True, index=True),  # none: its document is gone
    ref("customer", "customer.id", nullable=True, index=True),
    Column("name", String(80), nullable=False),  # of whoever asks, as they wrote it
    Column("about", String(120), nullable=False),  # what the document was called
)
drive_shown = Table(
    "drive_shown",
    metadata,
    Column("id", Id, primary_key=True),
    ref("visit", "visit.id"),
    ref("document", "drive_document.id", index=True),
    Column("n", Integer, nullable=False),  # of the version that was shown
    ref("member", "member.id"),
    Column("client_id", Id, nullable=False),
    Column("at", Moment, nullable=False),  # the phone's clock
    Column("recorded_at", Moment, nullable=False),
    Index("uq_drive_shown_client", "member", "client_id", unique=True),
    Index("uq_drive_shown_once", "visit", "document", unique=True),
)
drive_card = Table(  # a document that is an answer somebody gave
    "drive_card",
    metadata,
    ref("document", "drive_document.id", primary_key=True),
    ref("post", "post.id"),
    ref("squad", "squad.id"),  # in whose feed it stood
    ref("author", "member.id"),
    Column("said_at", Moment, nullable=False),
    ref("by", "member.id"),  # who kept it
    Column("at", Moment, nullable=False),
)
drive_reading = Table(
    "drive_reading",
    metadata,
    ref("document", "drive_document.id", primary_key=True),
    Column("n", Integer, nullable=False),  # the version it is about
    Column("state", String(8), nullable=False),  # waits, read, cut; none, locked, broken, large
    Column("at", Moment, nullable=False),  # that version came
    Column("first", BigInteger, nullable=False),  # its places in the index, the last page's
    Column("last", BigInteger, nullable=False),  # and the first page's
)
drive_page = Table(
    "drive_page",
    metadata,
    Column(
        "place", BigInteger, primary_key=True, autoincrement=False
    ),  # in the index; of a part's the newest
    ref("document", "drive_document.id", index=True),
    Column("page", Integer, nullable=False),  # from 1; 0: nothing is read, it is found by its name alone
    Column("title", String(120), nullable=False),  # of a sheet
    Column("text", Text, nullable=False),
)
drive_head = Table(  # whoever writes the index of a part holds its row
    "drive_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("space", String(36), nullable=False, unique=True),  # a squad's id; empty: the company's
    Column("last", BigInteger, nullable=False),  # place that was given
)
PIECE = 32
drive_gram = Table(
    "drive_gram",
    metadata,
    Column("head", Integer, primary_key=True, autoincrement=False),  # of the part
    Column("gram", String(PIECE).with_variant(String(PIECE, collation="C"), "postgresql"), primary_key=True),
    Column("block", Integer, primary_key=True),
    Column("bits", Text, nullable=False),  # which places of the block have it (`blocks.py`)
    sqlite_with_rowid=False,
)
drive_attachment = Table(
    "drive_attachment",
    metadata,
    ref("post", "post.id", primary_key=True),
    ref("document", "drive_document.id", primary_key=True, index=True),
    Column("place", Integer, nullable=False),  # among those of the post, in the order they were chosen
)
