"""Numbers as their readers write them."""

import pytest

from web.filters import metres, money


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("86400", "CNY", "¥86,400"),
        ("86400.00", "CNY", "¥86,400"),
        ("1299.5", "CNY", "¥1,299.50"),
        ("0", "CNY", "¥0"),
        ("1299.50", "USD", "$1,299.50"),
        ("500", "HKD", "$500"),
        ("500", "AUD", "$500"),
        ("500", "TWD", "NT$500"),
        ("500", "BRL", "R$500"),
        ("12000", "JPY", "¥12,000"),
        ("12.34", "EUR", "€12.34"),
        ("86400", "MYR", "MYR\N{NO-BREAK SPACE}86,400"),
        ("999999999999999.9999", "CNY", "¥1,000,000,000,000,000.00"),
    ],
)
def test_money_has_the_sign_people_write(lang: str, amount: str, currency: str, shown: str) -> None:
    """Not CN¥ or US$; cents only where there are some."""
    assert money(amount, currency, lang=lang) == shown


@pytest.mark.parametrize(
    ("lang", "value", "shown"),
    [("en", 18.4, "18 m"), ("zh", 999.4, "999 米"), ("en", 1440.0, "1.4 km"), ("zh", 12_345.0, "12.3 公里")],
)
def test_distances_are_said_as_people_say_them(lang: str, value: float, shown: str) -> None:
    """Metres nearby, kilometres with one decimal beyond."""
    assert metres(value, lang=lang) == shown
