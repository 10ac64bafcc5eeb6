"""How numbers, money, distances and times are written for a reader."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from markupsafe import Markup


def money(amount: str, currency: str, *, lang: str) -> str:
    """A decimal string in its currency, with the sign people write: whole amounts without decimals."""
    value = Decimal(amount)
    digits = value == value.to_integral_value()
    shape = "¤#,##0" if digits else None
    text = format_currency(value, currency, shape, locale=lang, currency_digits=not digits)
    symbol = get_currency_symbol(currency, locale=lang)
    return text.replace(symbol, narrow(symbol, currency), 1)


def narrow(symbol: str, currency: str) -> str:
    """A currency's symbol without the letters it borrows from the code: CN¥ is ¥, HK$ is $; MYR stays."""
    if symbol == currency:
        return f"{symbol}\N{NO-BREAK SPACE}"
    return symbol.removeprefix(currency[:2]).removeprefix(currency[0])


def metres(value: float, *, lang: str) -> str:
    """A distance as people say it: 18 m, 1.4 km."""
    if value < 1000:
        number, unit = format_decimal(round(value), locale=lang), {"en": "m", "zh": "米"}[lang]
    else:
        number = format_decimal(round(value / 1000, 1), locale=lang)
        unit = {"en": "km", "zh": "公里"}[lang]
    return f"{number} {unit}"


def weight(size: int, *, lang: str) -> str:
    """How large a file is: 640 KB, 2.1 MB, 48 MB, 2.4 GB."""
    value, unit = size / 1000, "KB"
    for larger in ("MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    rounded = round(value, 1) if unit != "KB" and value < 10 else max(round(value), min(size, 1))
    return f"{format_decimal(rounded, locale=lang)}\N{NO-BREAK SPACE}{unit}"


def lasting(seconds: int, *, lang: str) -> str:
    """How long something took: 2:31, 1:02:31; from two days on in days."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        days = format_decimal(hours // 24, locale=lang)
        return f"{days} {({'en': 'days', 'zh': '天'})[lang]}"
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def clock(moment: datetime, zone: str = "UTC", shape: str = "clock", *, lang: str) -> Markup:
    """A time element; the browser writes it out again in the reader's own zone. `moment`: the clock with the
    day, which the browser leaves out where it is today.
    """
    local = moment.astimezone(ZoneInfo(zone))
    time = format_time(local, "HH:mm", locale=lang)
    date = format_date(local, "d MMM" if lang == "en" else "M月d日", locale=lang)
    text = {"clock": time, "moment": f"{date} {time}"}.get(shape, date)
    stamp = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}" data-t="{}">{}</time>').format(
        stamp, "clock" if shape == "moment" else shape, text
    )


def day(value: date, shape: str = "whole", *, lang: str) -> str:
    """A day of a squad: Tuesday 15 September; with the shape `weekday` its name alone, `month` the month."""
    shapes = {
        "whole": {"en": "EEEE d MMMM", "zh": "M月d日 EEEE"},
        "weekday": {"en": "EEEE", "zh": "EEE"},
        "sign": {"en": "EEEEE", "zh": "EEEEE"},
        "short": {"en": "d MMM", "zh": "M月d日"},
        "tiny": {"en": "d MMM", "zh": "M/d"},
        "month": {"en": "MMMM y", "zh": "y年M月"},
    }
    return str(format_date(value, shapes[shape][lang], locale=lang))


def full_date(moment: datetime, zone: str, short: bool = False, *, lang: str) -> Markup:
    """A whole date, with its year, in a zone; in `short` where the year stands above."""
    shapes = {"en": "d MMM", "zh": "M月d日"} if short else {"en": "d MMMM y", "zh": "y年M月d日"}
    shape = shapes[lang]
    return _fixed(moment, format_date(moment.astimezone(ZoneInfo(zone)), shape, locale=lang))


def hour(moment: datetime, zone: str, seconds: bool = False, *, lang: str) -> Markup:
    """The time of a day that stands above, to the minute or the second."""
    shape = "HH:mm:ss" if seconds else "HH:mm"
    return _fixed(moment, format_time(moment.astimezone(ZoneInfo(zone)), shape, locale=lang))


def utc(moment: datetime) -> str:
    """A moment to the second as addresses have it; on every day, and when the clocks change, one alone."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _fixed(moment: datetime, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(utc(moment), text)


def for_language(lang: str) -> dict[str, Callable[..., Any]]:
    """The filters of one language's templates."""
    return {
        "money": partial(money, lang=lang),
        "metres": partial(metres, lang=lang),
        "weight": partial(weight, lang=lang),
        "lasting": partial(lasting, lang=lang),
        "clock": partial(clock, lang=lang),
        "day": partial(day, lang=lang),
        "full_date": partial(full_date, lang=lang),
        "hour": partial(hour, lang=lang),
        "utc": utc,
    }
