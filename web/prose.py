"""What people wrote in Markdown as HTML: never theirs as it came, and no picture from elsewhere."""

import re
from collections.abc import Mapping

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

_made = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True, "typographer": False})
_made.disable(["image", "html_block", "html_inline", "heading", "lheading", "table", "code", "hr"])


def prose(text: str, named: Mapping[str, str]) -> Markup:
    """The text as HTML; `named`: whom it mentions, name to id, are marked. Headings stay words."""
    html = str(_made.render(text))
    called = {f"@{escape(name)}": id for name, id in named.items()}
    if called:
        longest_first = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
        mark = '<b class="mention" data-member="{}">{}</b>'
        # Between tags alone: an address keeps its signs.
        html = re.sub(
            r">[^<]+",
            lambda part: re.sub(longest_first, lambda one: mark.format(called[one[0]], one[0]), part[0]),
            html,
        )
    html = html.replace("<a href=", '<a rel="nofollow noopener" target="_blank" href=')
    return Markup(html)  # noqa: S704 - the library escapes whatever is no Markdown
