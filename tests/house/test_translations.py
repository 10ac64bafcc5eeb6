"""Everything visible is in English and Chinese."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from jinja2 import Environment, nodes

from tests.house import translations
from tests.house.files import ROOT, source, text

TEMPLATES = [path for path in source() if path.startswith("web/templates/")]
NAMES = {"Muster", "English", "中文"}
"""Said the same in every language."""


@pytest.mark.parametrize("language", translations.languages())
def test_every_message_is_translated(language: str) -> None:
    """The catalogue has the source's messages: all, no others, none empty, none guessed."""
    assert translations.problems(language) == []


def test_there_is_chinese() -> None:
    """The second language everybody may choose."""
    assert "zh" in translations.languages()


@pytest.mark.parametrize("language", translations.languages())
def test_a_compiled_catalogue_is_as_new_as_its_source(language: str) -> None:
    """What people see is the compiled file: `make setup` makes it."""
    po = ROOT / "web" / "locales" / language / "LC_MESSAGES" / "messages.po"
    assert po.with_suffix(".mo").stat().st_mtime >= po.stat().st_mtime, "make setup compiles it"


def test_no_template_has_words_of_its_own() -> None:
    """Text outside `_()` and `{% trans %}` would stay English for everybody."""
    found = {path: bare(text(path)) for path in TEMPLATES}
    assert {path: words for path, words in found.items() if words} == {}


SPOKEN = re.compile(r'\b(?:title|alt|placeholder|aria-label|aria-description|content)="([^"]*)"')
TAG = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
ENTITY = re.compile(r"&#?\w+;")
ATTRIBUTE = re.compile(r"[\w-]+=(?:\"[^\"]*\"|'[^']*')")
"""In a block of attributes, whose tag is in another template."""
WORD = re.compile(r"[^\W\d_]{2,}")
IN_TRANS = re.compile(r"\{%-?\s*trans\b.*?\{%-?\s*endtrans\s*-?%\}", re.DOTALL)
HOLE = "\x00"


def bare(template: str) -> list[str]:
    """The words of a template that no translation reaches: between the tags, and in spoken attributes."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(IN_TRANS.sub("", template))
    page = "".join(part.data if isinstance(part, nodes.TemplateData) else HOLE for part in shown(tree))
    said = [
        words for words in SPOKEN.findall(page) if not words.startswith(("width=", "light", "same-origin"))
    ]
    said += ATTRIBUTE.sub(" ", TAG.sub(" ", page)).split(HOLE)
    return [word for text in said for word in WORD.findall(ENTITY.sub(" ", text)) if word not in NAMES]


def shown(node: nodes.Node) -> Iterator[nodes.Node]:
    """What a template puts out, in order; not where it asks for the language and says it itself."""
    if isinstance(node, nodes.If) and any(name.name == "lang" for name in node.test.find_all(nodes.Name)):
        return
    if isinstance(node, nodes.Output):
        yield from node.nodes
    for child in node.iter_child_nodes():
        yield from shown(child)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Hello there</p>", ["Hello", "there"]),
        ("<p>{{ _('Hello') }}</p>", []),
        ("{% trans n=1 %}One{% pluralize %}Many{% endtrans %}", []),
        ('<input placeholder="Search">', ["Search"]),
        ('<input placeholder="{{ _("Search") }}" class="wide">', []),
        ('<a class="{{ x }} big">{{ y }} km</a>', ["km"]),
        ("<svg><path d='M0 0'/></svg> · 1 &nbsp; Muster", []),
        ('{% block body %} data-me="{{ me }}"{% endblock %}', []),
        ("{% if lang == 'zh' %}<text>成交</text>{% else %}<text>WON</text>{% endif %}", []),
        ("{% if a > b %}<b data-x='a > b'>{{ c }}</b>{% endif %}", []),
    ],
)
def test_the_search_for_words_finds_what_it_should(template: str, words: list[str]) -> None:
    """And nothing that is not for reading."""
    assert bare(template) == words


def test_a_translation_must_fill_in_the_same_things() -> None:
    """A lost or misspelt placeholder would fail in front of the reader."""
    ours = Catalog()
    ours.add("%(name)s left", "%(nome)s 走了")
    message = ours["%(name)s left"]
    assert isinstance(message, Message)
    assert translations.unlike(message, "%(nome)s 走了")
    assert not translations.unlike(message, "%(name)s 走了")
