"""Whether every word people see can be read in every language. `python -m tests.house.translations`

`extract FILE` writes the messages of the source to a .pot file instead. English is the source's own language;
the others are in web/locales. Messages are found in templates (`_`, `ngettext`, `{% trans %}`) and in Python
(`_`, `N_`, `ngettext`, and the second argument of `web.render.translate`).
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from tests.house.files import ROOT

LOCALES = ROOT / "web" / "locales"
FOLDERS = {
    "web": [("templates/**.html", "jinja2"), ("**.py", "python")],
    "server": [("**.py", "python")],
}
# As web.render sets its templates up: what is looked up must be what was found.
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "translate": (2,)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|%%|%[sdf]|\{(\w*)\}")

NARROW = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]")
"""Chinese with the punctuation of another script."""


def source() -> Catalog:
    """The messages of the source, without places, sorted."""
    catalog = Catalog(project="Muster", copyright_holder="The Muster authors", msgid_bugs_address="-")
    for folder, methods in FOLDERS.items():
        found = extract_from_dir(
            ROOT / folder,
            methods,
            OPTIONS,
            keywords=KEYWORDS,
            comment_tags=("L10N:",),
            strip_comment_tags=True,
        )
        for _, _, message, comments, context in found:
            catalog.add(message, None, auto_comments=comments, context=context)
    return catalog


def languages() -> list[str]:
    """The languages there are besides English."""
    return sorted(path.parents[1].name for path in LOCALES.glob("*/LC_MESSAGES/messages.po"))


def catalogue(language: str) -> Catalog:
    """A language's translations. Raises PoFileError for a file that cannot be read."""
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def problems(language: str) -> list[str]:
    """What a reader of the language would miss; empty when all is well."""
    theirs, ours = catalogue(language), source()
    found = []
    for message in ours:
        if not message.id:
            continue
        translated = theirs.get(message.id, message.context)
        if translated is None:
            found.append(f"missing: {message.id!r}")
        elif translated.fuzzy:
            found.append(f"only guessed (fuzzy): {message.id!r}")
        elif not all(strings(translated)):
            found.append(f"not translated: {message.id!r}")
        elif any(unlike(translated, text) for text in strings(translated)):
            found.append(f"other placeholders: {message.id!r} -> {translated.string!r}")
    for translated in theirs:
        if translated.id and any(NARROW.search(text) for text in strings(translated)):
            found.append(f"half-width punctuation: {translated.string!r}")
    found += [f"no longer used: {m.id!r}" for m in theirs if m.id and ours.get(m.id, m.context) is None]
    return found


def strings(message: Message) -> tuple[str, ...]:
    """A message's translations: one, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def unlike(message: Message, text: str) -> bool:
    """Whether a translation fills in other things than its message. A plural may leave its number out."""
    plural = not isinstance(message.id, str)
    forms = message.id if plural else [message.id]
    wanted = {p.group() for form in forms for p in PLACEHOLDER.finditer(form)}
    given = {p.group() for p in PLACEHOLDER.finditer(text)}
    return not given <= wanted if plural else given != wanted


def main(arguments: list[str]) -> int:
    """0 when nothing is missing in any language."""
    if arguments[:1] == ["extract"]:
        with Path(arguments[1]).open("wb") as file:
            write_po(file, source(), width=110, sort_output=True)
        return 0
    found = [f"{language}: {problem}" for language in languages() for problem in problems(language)]
    print("\n".join(found) or f"{len(source())} messages in {', '.join(['en', *languages()])}")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
