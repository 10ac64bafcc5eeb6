"""From a template and what it shows to HTML, in the reader's language."""

from collections.abc import Callable
from functools import cache, lru_cache, partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from web import filters
from web.assets import static
from web.kept import Kept

HERE = Path(__file__).parent
LANGS = ("en", "zh")
KEPT = 4096
"""Fragments in memory for each language: what the newest page of eighty squads shows."""
FORMER = "\x1a"
"""Stands for the name of somebody who was erased: a sign nobody can type, written out for each reader."""


@cache
def translations(lang: str) -> NullTranslations:
    """The catalogue of a language; English is the messages' own."""
    if lang == "en":
        return NullTranslations()
    return Translations.load(str(HERE / "locales"), [lang])


def translate(lang: str, message: str, **values: object) -> str:
    """One message in a language, its named placeholders filled."""
    text = translations(lang).gettext(message)
    return named(text % values, lang) if values else text


def N_(message: str) -> str:  # noqa: N802
    """Marks a message for the catalogue where it is written, to be translated where it is shown."""
    return message


@cache
def environment(lang: str) -> Environment:
    """One per language, so that what translates is decided once."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(dict.fromkeys(("_", "gettext"), saying(lang)))
    env.globals.update(static=static, lang=lang, icon=icon)
    env.globals.update(once=drawing(lang), gap="" if lang == "zh" else " ")
    env.filters.update(filters.for_language(lang))
    return env


def saying(lang: str) -> Callable[..., Markup]:
    """A template's `_(message, **values)`, the values escaped. Most messages have none, and stay as they are:
    to fill them in anew each time took a third of a page's time.
    """
    catalogue = translations(lang)

    @lru_cache(KEPT)
    def fixed(message: str) -> Markup:
        return said(message)

    def said(message: str, **values: Any) -> Markup:
        return Markup(catalogue.gettext(message)) % values  # noqa: S704

    return lambda message, **values: said(message, **values) if values else fixed(message)


@cache
def icon(name: str) -> Markup:
    """An icon of the sprite; words stand beside it, so it is hidden from readers."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#i-{}"/></svg>').format(
        static("icons.svg"), name
    )


def drawing(lang: str) -> Callable[..., Markup]:
    """`once(template, macro, shown, *how)`: the fragment of a thing with an id, until that changes."""
    fragments: Kept[Markup] = Kept(KEPT)

    def once(template: str, macro: str, shown: Any, *how: bool) -> Markup:
        made = partial(block(template, macro, lang), shown, *how)
        return fragments.get((template, macro, shown.id, *how), shown, lambda: Markup(made()))  # noqa: S704

    return once


def named(text: str, lang: str) -> str:
    """The text with words in place of the names that were erased."""
    return text.replace(FORMER, translate(lang, N_("Former member"))) if FORMER in text else text


def render(template: str, lang: str, **shown: Any) -> str:
    """The template's HTML; what it needs and does not get is an error, not an empty place."""
    return named(environment(lang).get_template(template).render(**shown), lang)


def block(template: str, name: str, lang: str) -> Callable[..., str]:
    """One macro of a template as a function: the same fragment for a page and for a frame."""
    macro = getattr(environment(lang).get_template(template).module, name)

    def call(*args: Any, **options: Any) -> str:
        return named(str(macro(*args, **options)), lang)

    return call
