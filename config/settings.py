"""Every setting there is, read once from the environment (or a `.env` file beside the Procfile)."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from limits import parse
from pydantic import AfterValidator, AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url

from config import checks, key, maps


def setting(default: Any, name: str, about: str) -> Any:
    """A field read from the environment variable `name`."""
    alias = AliasChoices(name, name.lower())
    return Field(default=default, validation_alias=alias, description=about)


class Settings(BaseSettings):
    """How one installation runs. Sizes are bytes, durations seconds, unless a name says otherwise."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", populate_by_name=True, case_sensitive=True
    )

    port: int = setting(8000, "PORT", "Port to listen on")
    host: str = setting("127.0.0.1", "MUSTER_HOST", "Address to listen on")
    data_dir: Path = setting(Path("data"), "MUSTER_DATA_DIR", "Folder of the embedded database and the key")
    database_url: str = setting("", "DATABASE_URL", "PostgreSQL; empty: SQLite in the data folder")
    redis_url: str = setting("", "REDIS_URL", "Redis or Valkey between processes; empty: one process")
    files_url: str = setting(
        "", "FILES_URL", "S3, like s3://bucket/folder?endpoint=…&region=…; empty: the data folder"
    )
    secret_key: str = setting(
        "", "MUSTER_SECRET_KEY", "Signs invitations and codes; empty: made, and kept in the data folder"
    )
    public_url: str = setting("", "MUSTER_PUBLIC_URL", "Address people use; empty: taken from the request")
    proxies: Annotated[str, AfterValidator(checks.networks)] = setting(
        "", "MUSTER_PROXIES", "Addresses or networks, with commas, whose X-Forwarded-For is believed"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        "INFO", "MUSTER_LOG_LEVEL", "What the log keeps"
    )
    log_format: Literal["text", "json"] = setting("text", "MUSTER_LOG_FORMAT", "Log lines as text or JSON")

    write_limit: str = setting("600/minute", "MUSTER_WRITE_LIMIT", "Writes of one member")
    signin_limit: str = setting(
        "10/minute", "MUSTER_SIGNIN_LIMIT", "Wrong sign-ins per login and per address"
    )
    invite_limit: str = setting(
        "20/minute", "MUSTER_INVITE_LIMIT", "Invite links and codes tried per address"
    )
    export_limit: str = setting("6/hour", "MUSTER_EXPORT_LIMIT", "Times a member may download their data")
    session_days: int = setting(60, "MUSTER_SESSION_DAYS", "A sign-in lasts this long after its last use")
    password_min: int = setting(12, "MUSTER_PASSWORD_MIN", "Characters of a password, at least")
    text_max: int = setting(8_000, "MUSTER_TEXT_MAX", "Characters of a message, reply or note, at most")
    body_max: int = setting(262_144, "MUSTER_BODY_MAX", "Bytes of a request body, at most")
    photo_max: int = setting(20_000_000, "MUSTER_PHOTO_MAX", "Bytes of a photo, at most")
    photo_pixels: int = setting(64_000_000, "MUSTER_PHOTO_PIXELS", "Pixels of a photo, at most")
    photo_count: int = setting(9, "MUSTER_PHOTO_COUNT", "Photos of a check-in or message, at most")
    undo_seconds: int = setting(10, "MUSTER_UNDO_SECONDS", "A check-in can be undone this long")
    far_metres: int = setting(300, "MUSTER_FAR_METRES", "From here on a check-in asks why it is far away")
    visit_timeout: int = setting(4 * 3600, "MUSTER_VISIT_TIMEOUT", "An open visit counts as left after this")
    speed_walk: float = setting(4.5, "MUSTER_SPEED_WALK", "Kilometres an hour between visits, on foot")
    speed_bike: float = setting(13.0, "MUSTER_SPEED_BIKE", "Kilometres an hour between visits, by bike")
    speed_car: float = setting(24.0, "MUSTER_SPEED_CAR", "Kilometres an hour between visits, by car")
    detour_walk: float = setting(1.25, "MUSTER_DETOUR_WALK", "A way on foot against the straight line")
    detour_bike: float = setting(1.3, "MUSTER_DETOUR_BIKE", "A way by bike against the straight line")
    detour_car: float = setting(1.4, "MUSTER_DETOUR_CAR", "A way by car against the straight line")
    visit_minutes: int = setting(20, "MUSTER_VISIT_MINUTES", "Minutes a planned visit takes")
    arrived_metres: int = setting(150, "MUSTER_ARRIVED_METRES", "Nearer than this is at the rally point")
    absence: int = setting(900, "MUSTER_ABSENCE", "Who was away this long is told what happened since")
    feed_page: int = setting(50, "MUSTER_FEED_PAGE", "Posts on one page of the feed")
    import_max: int = setting(20_000_000, "MUSTER_IMPORT_MAX", "Bytes of a table of customers, at most")
    import_unpacked: int = setting(
        100_000_000, "MUSTER_IMPORT_UNPACKED", "Bytes of a workbook once it is unpacked, at most"
    )
    import_rows: int = setting(50_000, "MUSTER_IMPORT_ROWS", "Rows of a table of customers, at most")
    hold_days: int = setting(14, "MUSTER_HOLD_DAYS", "Days a customer is held for whoever works on it")
    look_days: int = setting(90, "MUSTER_LOOK_DAYS", "Days after which a look at a member's day is forgotten")
    notice_days: int = setting(90, "MUSTER_NOTICE_DAYS", "Days after which a notice is forgotten")
    feed_days: int = setting(
        0, "MUSTER_FEED_DAYS", "Days that posts, visits and the journal are kept; 0: for ever"
    )
    ended_days: int = setting(
        30, "MUSTER_ENDED_DAYS", "Days that ended sign-ins and links are kept; 0: for ever"
    )
    audit_days: int = setting(
        730, "MUSTER_AUDIT_DAYS", "Days that acts of administration are kept; 0: for ever"
    )
    members_max: int = setting(200, "MUSTER_MEMBERS_MAX", "Members of one squad, at most")
    territories_max: int = setting(500, "MUSTER_TERRITORIES_MAX", "Territories, at most")
    territory_levels: int = setting(6, "MUSTER_TERRITORY_LEVELS", "Levels of territories, at most")
    area_corners: int = setting(2000, "MUSTER_AREA_CORNERS", "Corners of a territory’s outline, at most")

    call_kinds: Annotated[str, AfterValidator(checks.kinds)] = setting(
        "price=60 technical=60 sample=60 people=60 entry=3600 care=3600 service=3600",
        "MUSTER_CALL_KINDS",
        "Kinds of calls for help, each with the seconds after which an unclaimed one goes up",
    )
    call_prompts: str = setting(
        "service", "MUSTER_CALL_PROMPTS", "Kinds of calls whose end is a prompt to see the customer again"
    )
    document_max: int = setting(25_000_000, "MUSTER_DOCUMENT_MAX", "Bytes of a PDF on an answer, at most")
    drive_max: int = setting(2_000_000_000, "MUSTER_DRIVE_MAX", "Bytes of one file in the drive, at most")
    drive_quota: int = setting(
        50_000_000_000, "MUSTER_DRIVE_QUOTA", "Bytes of the company’s files, and of each squad’s; 0: no end"
    )
    drive_read_max: int = setting(200_000_000, "MUSTER_DRIVE_READ_MAX", "Bytes of a file to be read, at most")
    drive_unpacked: int = setting(200_000_000, "MUSTER_DRIVE_UNPACKED", "Bytes of one unpacked, at most")
    drive_words: int = setting(2_000_000, "MUSTER_DRIVE_WORDS", "Characters of one kept for finding, at most")
    drive_text: int = setting(
        60_000, "MUSTER_DRIVE_TEXT", "Characters of a text that is written in the browser, at most"
    )
    drive_bin_days: int = setting(30, "MUSTER_DRIVE_BIN_DAYS", "Days in the drive’s bin; 0: for ever")
    training_new_days: int = setting(
        90, "MUSTER_TRAINING_NEW_DAYS", "Days for which somebody is new, for training meant for who is"
    )
    training_steps: int = setting(60, "MUSTER_TRAINING_STEPS", "Steps of one training track, at most")
    training_plan: int = setting(200, "MUSTER_TRAINING_PLAN", "Tracks and documents of one plan, at most")
    training_floor: int = setting(3, "MUSTER_TRAINING_FLOOR", "Members with a problem before it is counted")
    training_old_days: int = setting(180, "MUSTER_TRAINING_OLD_DAYS", "Days until a text is old; 0: never")
    training_weeks: int = setting(4, "MUSTER_TRAINING_WEEKS", "Weeks of problems in logs training looks at")
    link_days: int = setting(14, "MUSTER_LINK_DAYS", "Days a shared link works, unless chosen otherwise")
    link_days_most: int = setting(365, "MUSTER_LINK_DAYS_MOST", "Days a shared link works, at most")
    link_limit: str = setting("10/hour", "MUSTER_LINK_LIMIT", "Wrong codes and questions, by one shared link")
    call_silence: int = setting(
        600, "MUSTER_CALL_SILENCE", "Seconds after which a call whose owner is not heard of is put back"
    )

    plan_seconds: float = setting(2.5, "MUSTER_PLAN_SECONDS", "A proposal of lanes takes this long, at most")
    plans_at_once: int = setting(
        1, "MUSTER_PLANS_AT_ONCE", "Proposals searched for at once, each in a process of its own"
    )

    share_seconds: int = setting(
        15, "MUSTER_SHARE_SECONDS", "Seconds between two positions a member shares, at least"
    )
    share_metres: int = setting(25, "MUSTER_SHARE_METRES", "Who moved less than this has not moved")
    share_stale: int = setting(
        600, "MUSTER_SHARE_STALE", "A shared position nothing was heard of for so many seconds is gone"
    )

    map_style_url: Annotated[str, AfterValidator(maps.only_one)] = setting(
        "", "MUSTER_MAP_STYLE_URL", "A MapLibre style, by its address"
    )
    map_tiles_url: Annotated[str, AfterValidator(maps.only_one)] = setting(
        "", "MUSTER_MAP_TILES_URL", "Raster tiles, like https://tiles.example/{z}/{x}/{y}.png"
    )
    map_pmtiles: Annotated[str, AfterValidator(maps.only_one)] = setting(
        "", "MUSTER_MAP_PMTILES", "A map on this machine, in one .pmtiles file"
    )
    map_datum: Annotated[maps.Datum, AfterValidator(maps.of_tiles)] = setting(
        "wgs84", "MUSTER_MAP_DATUM", "What style or tiles are drawn in: wgs84, gcj02 or bd09"
    )
    map_tiles_zoom: Annotated[int, Field(ge=1, le=24)] = setting(
        18, "MUSTER_MAP_TILES_ZOOM", "The closest zoom there are tiles for"
    )
    map_attribution: str = setting("", "MUSTER_MAP_ATTRIBUTION", "Whom the map is from; stands on it")
    map_servers: Annotated[str, AfterValidator(maps.only_servers)] = setting(
        "", "MUSTER_MAP_SERVERS", "Other servers a style asks, like https://tiles.example, spaces between"
    )

    notice_wait: int = setting(
        10, "MUSTER_NOTICE_WAIT", "Seconds in which a notice may be seen on a page before it goes elsewhere"
    )
    notice_inside: bool = setting(
        False, "MUSTER_NOTICE_INSIDE", "Push services and channels may be in the own network"
    )
    mail_wait: int = setting(
        120, "MUSTER_MAIL_WAIT", "Seconds after which what no device has taken goes by e-mail"
    )
    smtp_host: str = setting("", "MUSTER_SMTP_HOST", "Who sends e-mail; empty: nobody")
    smtp_port: int = setting(587, "MUSTER_SMTP_PORT", "The port there")
    smtp_security: Literal["starttls", "tls", "none"] = setting(
        "starttls", "MUSTER_SMTP_SECURITY", "starttls, tls from the start, or none"
    )
    smtp_user: str = setting("", "MUSTER_SMTP_USER", "The name to sign in there with")
    smtp_password: str = setting("", "MUSTER_SMTP_PASSWORD", "The password")
    smtp_from: str = setting("", "MUSTER_SMTP_FROM", "Whom e-mail is from, like muster@example.com")

    live_beat: float = setting(20.0, "MUSTER_LIVE_BEAT", "Seconds between two beats of a live stream")
    live_poll: float = setting(1.0, "MUSTER_LIVE_POLL", "Seconds between two checks for lost announcements")
    live_patience: float = setting(45.0, "MUSTER_LIVE_PATIENCE", "Silence after which a page reconnects")
    live_buffer: int = setting(1 << 20, "MUSTER_LIVE_BUFFER", "Unsent bytes after which a watcher is dropped")
    jobs: bool = setting(True, "MUSTER_JOBS", "The web server does the jobs too, not only `work`")
    jobs_poll: float = setting(2.0, "MUSTER_JOBS_POLL", "Seconds between two looks for others’ jobs, at most")
    jobs_lease: float = setting(60.0, "MUSTER_JOBS_LEASE", "Seconds until a killed process’s job begins anew")
    demo_anywhere: bool = setting(False, "MUSTER_DEMO_ANYWHERE", "One-click demo sign-in beyond loopback")

    @field_validator("database_url")
    @classmethod
    def known_database(cls, value: str) -> str:
        """Refuses at start what could not work later."""
        if value and not value.startswith(
            ("postgresql://", "postgres://", "postgresql+asyncpg://", "sqlite")
        ):
            raise ValueError("DATABASE_URL must be a postgresql:// address")
        return value

    @field_validator("write_limit", "signin_limit", "invite_limit", "export_limit", "link_limit")
    @classmethod
    def known_limit(cls, value: str) -> str:
        """A count per time."""
        try:
            parse(value)
        except ValueError:
            raise ValueError("a limit is written like 600/minute") from None
        return value

    @field_validator(
        *("session_days", "password_min", "text_max", "body_max", "feed_page", "members_max"),
        *("photo_max", "photo_pixels", "photo_count", "visit_minutes", "arrived_metres", "share_stale"),
        *("plans_at_once", "call_silence", "document_max", "drive_max", "drive_read_max", "drive_unpacked"),
        *("link_days", "link_days_most", "training_new_days", "training_steps", "training_plan"),
        *("look_days", "notice_days", "hold_days", "import_max", "import_unpacked", "import_rows"),
        *("territories_max", "territory_levels", "area_corners", "drive_words", "drive_text"),
        *("training_weeks", "training_floor"),
    )
    @classmethod
    def some(cls, value: int) -> int:
        """Without any there would be nothing to work with."""
        if value < 1:
            raise ValueError("must be at least 1")
        return value

    @model_validator(mode="after")
    def can_write_letters(self) -> Self:
        """A letter has a sender, and leads somewhere."""
        if self.smtp_host and not (self.smtp_from and self.public_url):
            raise ValueError("MUSTER_SMTP_HOST needs MUSTER_SMTP_FROM and MUSTER_PUBLIC_URL")
        return self

    @field_validator(
        *("feed_days", "ended_days", "audit_days", "share_seconds", "share_metres"),
        *("notice_wait", "mail_wait", "drive_quota", "drive_bin_days", "training_old_days"),
    )
    @classmethod
    def days(cls, value: int) -> int:
        """A time to come is no age."""
        if value < 0:
            raise ValueError("must be 0 or more")
        return value

    @field_validator("speed_walk", "speed_bike", "speed_car", "detour_walk", "detour_bike", "detour_car")
    @classmethod
    def gets_along(cls, value: float) -> float:
        """Nobody stands still, and no way is shorter than the straight line."""
        if not 0.5 <= value <= 200:
            raise ValueError("must be between 0.5 and 200")
        return value

    @cached_property
    def calls(self) -> dict[str, int]:
        """Seconds after which an unclaimed call of each kind goes up."""
        return {kind: int(wait) for kind, _, wait in (one.partition("=") for one in self.call_kinds.split())}

    @cached_property
    def prompting(self) -> frozenset[str]:
        """Kinds of calls whose end is a prompt to the squad."""
        return frozenset(self.call_prompts.replace(",", " ").split())

    @cached_property
    def database(self) -> URL:
        """The database with the driver in use: asyncpg for PostgreSQL, the built-in one for SQLite."""
        if not self.database_url:
            return make_url(f"sqlite:///{self.data_dir / 'muster.db'}")
        url = make_url(self.database_url)
        if url.get_backend_name() in ("postgresql", "postgres"):
            return url.set(drivername="postgresql+asyncpg")
        return url

    @property
    def embedded(self) -> bool:
        """True on SQLite: one process, one writer."""
        return self.database.get_backend_name() == "sqlite"

    @cached_property
    def secret(self) -> str:
        """The signing key; made at the first start and kept in the data folder."""
        if self.secret_key:
            return self.secret_key
        return key.kept(self.data_dir)
