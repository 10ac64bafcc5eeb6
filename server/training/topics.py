"""What there is to know about a product, for a company that has written nothing of it down: nine topics, and
what each asks.
"""

from typing import NamedTuple

from web.render import LANGS, N_, translate

FOLDER = N_("Product knowledge")
HOW = N_(
    "Write the answer below each question, in words a new colleague understands, then take this line out."
)


class Topic(NamedTuple):
    """What it is called, and what it asks."""

    title: str
    asks: tuple[str, ...]


TOPICS = {
    "what": Topic(
        N_("What it is"),
        (
            N_("What is the product, in one sentence a customer would use?"),
            N_("Which models or packages are there, and how do they differ?"),
            N_("What belongs to it, and what does not?"),
        ),
    ),
    "whom": Topic(
        N_("For whom it is"),
        (
            N_("Which customers need it most, and how does one recognise them?"),
            N_("Who decides there, who uses it, who pays?"),
            N_("For whom is it not the right thing?"),
        ),
    ),
    "value": Topic(
        N_("What it is worth to them"),
        (
            N_("What is better for the customer afterwards: money, time, safety, peace of mind?"),
            N_("How much is that in figures? An example with numbers."),
            N_("What does it cost the customer to leave everything as it is?"),
        ),
    ),
    "principle": Topic(
        N_("How it works"),
        (
            N_("On which principle does it work? Explain it to somebody without training."),
            N_("What is done differently from other ways, and why?"),
            N_("Where are its limits?"),
        ),
    ),
    "proof": Topic(
        N_("What proves it"),
        (
            N_("Which customers use it, since when, with which result?"),
            N_("Which measurements, certificates or tests are there?"),
            N_("What can one show or try on the spot?"),
        ),
    ),
    "price": Topic(
        N_("Price"),
        (
            N_("What does it cost, and what does the price depend on?"),
            N_("What is paid later: consumables, service, spare parts?"),
            N_("How far may one go down, and who has to say yes?"),
        ),
    ),
    "objections": Topic(
        N_("Objections"),
        (
            N_("Which three objections come most often, in the customer’s words?"),
            N_("What do our best people answer to each?"),
            N_("When is it better to let it be?"),
        ),
    ),
    "competitors": Topic(
        N_("Competitors"),
        (
            N_("Whom do customers compare us with?"),
            N_("Where are they better, where are we? Be honest."),
            N_("What does one ask a customer who leans to them?"),
        ),
    ),
    "service": Topic(
        N_("Service"),
        (
            N_("What happens after the order: delivery, fitting, training, and by when?"),
            N_("What is warranted, for how long, and whom does the customer call?"),
            N_("What goes wrong most often, and what is to be done at once?"),
        ),
    ),
}


def starter(lang: str, key: str) -> str:
    """The questions of a topic as the text a document begins with, in Markdown."""
    topic = TOPICS[key]
    asked = [f"**{translate(lang, one)}**\n\n…" for one in topic.asks]
    return "\n\n".join([translate(lang, HOW), *asked]) + "\n"


def names(key: str) -> set[str]:
    """What a topic is called, in every language, folded."""
    return {translate(lang, TOPICS[key].title).casefold() for lang in LANGS}
