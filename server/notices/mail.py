"""Letters: one for what is due, in plain words and as HTML, with the way to where one ends them."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import urlsplit

from anyio import to_thread

from config.settings import Settings
from server.notices.deliveries import Parcel
from web.render import N_, render, translate

TIMEOUT = 20.0
WHY = N_("You get this because you are a member of Muster here. What comes by e-mail is yours to choose:")
SEVERAL = N_("%(n)s notices from Muster")


async def send(parcel: Parcel, settings: Settings) -> None:
    """Hands the letter to the server that sends e-mail; raises what `smtplib` does where it is not taken."""
    await to_thread.run_sync(_hand_over, letter(parcel, settings), settings)


def letter(parcel: Parcel, settings: Settings) -> EmailMessage:
    """One letter. Sent again it is the same one: its id stays."""
    home, lang, notices = settings.public_url.rstrip("/"), parcel.lang, parcel.notices
    single = len(notices) == 1
    title = notices[0].words(lang) if single else translate(lang, SEVERAL, n=len(notices))
    choose = f"{home}/me/notices"
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = title, settings.smtp_from, parcel.address
    made["Date"], made["Message-ID"] = formatdate(), f"<{parcel.name}@{urlsplit(home).hostname}>"
    made["Auto-Submitted"], made["List-Unsubscribe"] = "auto-generated", f"<{choose}>"
    lines = [f"{one.words(lang)}\n{one.about}\n{home}/notices/{one.id}\n" for one in notices]
    made.set_content("\n".join([*lines, "-- ", translate(lang, WHY), choose, ""]))
    shown = render(
        "notices/letter.html",
        lang,
        title=title,
        notices=notices,
        home=home,
        choose=choose,
        why=translate(lang, WHY),
    )
    made.add_alternative(shown, subtype="html")
    return made


def _hand_over(made: EmailMessage, settings: Settings) -> None:
    secure = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, context=secure
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=secure)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(made)
