"""The first tables."""

import sqlalchemy as sa
from alembic import op

from server.schema import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "squad",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_squad")),
    )
    op.create_table(
        "stream",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("initials", sa.String(length=4), nullable=True),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("deactivated_at", Moment(), nullable=True),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.Column("last_squad", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["last_squad"], ["squad.id"], name=op.f("fk_member_last_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("handle", name=op.f("uq_member_handle")),
    )
    op.create_table(
        "access_change",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("member", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("stream", sa.String(length=40), nullable=True),
        sa.Column("ticket", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_access_change_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_change")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("member", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_api_token_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_member"), ["member"], unique=False)

    op.create_table(
        "customer",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("position_source", sa.String(length=8), nullable=True),
        sa.Column("position_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("created_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("merged_into", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_customer_created_by_member")),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["customer.id"], name=op.f("fk_customer_merged_into_customer")
        ),
        sa.ForeignKeyConstraint(["position_by"], ["member.id"], name=op.f("fk_customer_position_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
    )
    op.create_table(
        "invite",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("squad", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("made_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_invite_made_by_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_invite_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invite")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invite_code_hash")),
        sa.UniqueConstraint("hash", name=op.f("uq_invite_hash")),
    )
    with op.batch_alter_table("invite", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invite_squad"), ["squad"], unique=False)

    op.create_table(
        "journal",
        sa.Column("stream", sa.String(length=40), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("subject", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("captured_at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("redacted_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["actor"], ["member.id"], name=op.f("fk_journal_actor_member")),
        sa.ForeignKeyConstraint(["stream"], ["stream.id"], name=op.f("fk_journal_stream_stream")),
        sa.PrimaryKeyConstraint("stream", "offset", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_subject"), ["subject"], unique=False)

    op.create_table(
        "login",
        sa.Column("folded", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("shown", sa.String(length=254), nullable=False),
        sa.Column("member", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_login_member_member")),
        sa.PrimaryKeyConstraint("folded", name=op.f("pk_login")),
    )
    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_member"), ["member"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("squad", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("member", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("lead", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("joined_at", Moment(), nullable=False),
        sa.Column("left_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_membership_member_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_membership_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_member"), ["member"], unique=False)
        batch_op.create_index(
            "uq_membership_now",
            ["squad", "member"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "post",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("squad", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("author", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("client_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("root", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("parent", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("feed_offset", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("captured_at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("edited_at", Moment(), nullable=True),
        sa.Column("deleted_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["author"], ["member.id"], name=op.f("fk_post_author_member")),
        sa.ForeignKeyConstraint(["parent"], ["post.id"], name=op.f("fk_post_parent_post")),
        sa.ForeignKeyConstraint(["root"], ["post.id"], name=op.f("fk_post_root_post")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_post_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_root_feed_offset"), ["root", "feed_offset"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_squad_feed_offset"), ["squad", "feed_offset"], unique=False)
        batch_op.create_index("uq_post_client", ["author", "client_id"], unique=True)

    op.create_table(
        "read_mark",
        sa.Column("member", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("stream", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_read_mark_member_member")),
        sa.PrimaryKeyConstraint("member", "stream", name=op.f("pk_read_mark")),
    )
    op.create_table(
        "reset_link",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("member", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("made_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_reset_link_made_by_member")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_reset_link_member_member")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_reset_link")),
    )
    with op.batch_alter_table("reset_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reset_link_member"), ["member"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("member", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_session_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("hash", name=op.f("uq_session_hash")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_member"), ["member"], unique=False)

    op.create_table(
        "customer_squad",
        sa.Column("squad", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("customer", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customer.id"], name=op.f("fk_customer_squad_customer_customer")
        ),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_customer_squad_squad_squad")),
        sa.PrimaryKeyConstraint("squad", "customer", name=op.f("pk_customer_squad")),
    )
    with op.batch_alter_table("customer_squad", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_squad_customer"), ["customer"], unique=False)

    op.create_table(
        "mention",
        sa.Column("post", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("member", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_mention_member_member")),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_mention_post_post")),
        sa.PrimaryKeyConstraint("post", "member", name=op.f("pk_mention")),
    )
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mention_member"), ["member"], unique=False)

    op.create_table(
        "post_revision",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("post", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_post_revision_post_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_revision")),
    )
    with op.batch_alter_table("post_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_revision_post"), ["post"], unique=False)

    op.create_table(
        "reaction",
        sa.Column("post", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("member", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_reaction_member_member")),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_reaction_post_post")),
        sa.PrimaryKeyConstraint("post", "kind", "member", name=op.f("pk_reaction")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("squad", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("member", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("customer", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("client_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("fix_at", Moment(), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=True),
        sa.Column("distance", sa.Float(), nullable=True),
        sa.Column("captured_at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("result", sa.String(length=12), nullable=True),
        sa.Column("amount", sa.String(length=24), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("outcome_note", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("retracted_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name=op.f("fk_visit_customer_customer")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_visit_member_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_visit_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_visit_customer_captured_at"), ["customer", "captured_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_visit_member_captured_at"), ["member", "captured_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_visit_squad_local_date"), ["squad", "local_date"], unique=False)
        batch_op.create_index("uq_visit_client", ["member", "client_id"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("uq_visit_client")
        batch_op.drop_index(batch_op.f("ix_visit_squad_local_date"))
        batch_op.drop_index(batch_op.f("ix_visit_member_captured_at"))
        batch_op.drop_index(batch_op.f("ix_visit_customer_captured_at"))

    op.drop_table("visit")
    op.drop_table("reaction")
    with op.batch_alter_table("post_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_revision_post"))

    op.drop_table("post_revision")
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mention_member"))

    op.drop_table("mention")
    with op.batch_alter_table("customer_squad", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_squad_customer"))

    op.drop_table("customer_squad")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_member"))

    op.drop_table("session")
    with op.batch_alter_table("reset_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reset_link_member"))

    op.drop_table("reset_link")
    op.drop_table("read_mark")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("uq_post_client")
        batch_op.drop_index(batch_op.f("ix_post_squad_feed_offset"))
        batch_op.drop_index(batch_op.f("ix_post_root_feed_offset"))

    op.drop_table("post")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_now",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_member"))

    op.drop_table("membership")
    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_member"))

    op.drop_table("login")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_subject"))

    op.drop_table("journal")
    with op.batch_alter_table("invite", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invite_squad"))

    op.drop_table("invite")
    op.drop_table("customer")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_member"))

    op.drop_table("api_token")
    op.drop_table("access_change")
    op.drop_table("member")
    op.drop_table("stream")
    op.drop_table("squad")
    op.drop_table("company")
