"""Whether a page fits: the narrowest phone, and a reader who has made the letters twice as large."""

from playwright.sync_api import Page

from tests.browser.people import AT_REST

SIZES = [(320, ""), (390, "200%")]
"""Width in pixels of the page, and the size of its letters."""
TOO_WIDE = """() => {
    const aside = '.sr, .sr *, script, option, svg *, .map *, [data-map] *';
    // Behind dots, or in what scrolls by itself, nothing is out of reach.
    const scrolled = (part) => {
        for (let at = part.parentElement; at; at = at.parentElement) {
            const { overflowX, textOverflow } = getComputedStyle(at);
            const rolls = /auto|scroll/.test(overflowX) && at.scrollWidth > at.clientWidth;
            if (rolls || textOverflow === 'ellipsis') return true;
        }
        return false;
    };
    const found = document.scrollingElement.scrollWidth > innerWidth ? ['the page itself'] : [];
    for (const part of document.querySelectorAll('body *')) {
        const shown = part.checkVisibility({ visibilityProperty: true, opacityProperty: true });
        if (part.matches(aside) || !shown) continue;
        const { left, right, width, height } = part.getBoundingClientRect();
        if (width < 2 || height < 2 || (right <= innerWidth + 1 && left >= -1) || scrolled(part)) continue;
        found.push(`${part.tagName}.${part.className} from ${Math.round(left)} to ${Math.round(right)}`);
    }
    return found.slice(0, 4);
}"""
MAPS_AWAY = "document.querySelectorAll('.map .canvas').forEach((one) => { one.style.display = 'none'; })"


def cut_off(page: Page) -> list[str]:
    """What does not fit beside the page's edge, a line each; empty is good. What scrolls is in reach.

    For the last look: the page is not as it was.
    """
    # Nothing on a map is cut off, and to draw it anew at each size takes longer than all else.
    page.evaluate(MAPS_AWAY)
    found = []
    for width, letters in SIZES:
        page.set_viewport_size({"width": width, "height": 700})
        page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", letters)
        page.evaluate(AT_REST)
        found += [f"at {width} px {letters}: {one}" for one in page.evaluate(TOO_WIDE)]
    return found
