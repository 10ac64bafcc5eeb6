"""Training as the screens show it: a track of the squad's through a document of the drive."""

from playwright.sync_api import Page

from tests.browser import drives

WORDS = {
    "en": (
        "Our water filters",
        "Read why the clinic chose us.",
        "Explain it to a colleague in three sentences.",
    ),
    "zh": ("我们的净水器", "看看诊所为什么选我们。", "用三句话讲给同事听。"),
}

KNOWLEDGE = {"en": "Product knowledge", "zh": "产品知识"}
PRODUCT = {"en": "Filter for clinics", "zh": "诊所用净水器"}
HELPS = {"en": "When they say the price is too high", "zh": "客户说价格太高时"}


def listed(page: Page) -> None:
    """The tracks there are."""
    home, _ = _made(page)
    page.goto(f"{home}/training")


def track(page: Page) -> None:
    """A track, its first step done."""
    home, id = _made(page)
    page.goto(f"{home}/training/{id}")
    if page.locator("#track button.primary").count() > 1:
        page.locator("#track button.primary").first.click()


def changing(page: Page) -> None:
    """The forms for its steps and its name."""
    home, id = _made(page)
    page.goto(f"{home}/training/{id}/edit")


def nothing(page: Page) -> None:
    """Nothing is written down of the products yet."""
    home = page.url.partition("/training")[0]
    ask = page.context.request
    for one in ask.get(f"{home}/api/v1/knowledge/gaps").json()["products"][:1]:
        ask.delete(f"{home}/api/v1/drive/folders/{one['folder']}")
    page.goto(f"{home}/training/gaps")


def checked(page: Page) -> None:
    """The outline is there, one topic is written, another product is begun."""
    home, product = _outlined(page)
    page.context.request.put(
        f"{home}/api/v1/knowledge/outline/{product}", data={"topics": ["what", "price", "service"]}
    )
    page.goto(f"{home}/training/gaps")


def writing(page: Page) -> None:
    """A topic's questions, to be answered."""
    home, _ = _outlined(page)
    ask = page.context.request
    topics = ask.get(f"{home}/api/v1/knowledge/gaps").json()["products"][0]["topics"]
    document = next(one["document"] for one in topics if one["topic"] == "objections")
    page.goto(f"{home}/drive/documents/{document}/text")


def first_look(page: Page) -> None:
    """What somebody who is new finds: where to begin."""
    home, _ = _outlined(page)
    page.goto(f"{home}/training")


def _outlined(page: Page) -> tuple[str, str]:
    """The product knowledge is begun; answers where the server is, and another product's folder."""
    home = page.url.partition("/training")[0]
    ask = page.context.request
    lang = page.locator("html").get_attribute("lang") or "en"
    begun = ask.put(f"{home}/api/v1/knowledge/outline").json()
    if begun["products"][0]["name"] != KNOWLEDGE[lang]:  # begun in the other language
        ask.delete(f"{home}/api/v1/drive/folders/{begun['products'][0]['folder']}")
        begun = ask.put(f"{home}/api/v1/knowledge/outline").json()
    topics = begun["products"][0]["topics"]
    what = next(one["document"] for one in topics if one["topic"] == "what")
    file = {"name": "what.md", "mimeType": "text/plain", "buffer": WORDS[lang][1].encode()}
    path = f"{home}/api/v1/drive/documents/{what}/versions"
    ask.post(path, multipart={"id": drives._id(what), "file": file})
    product = {"id": drives._id(PRODUCT[lang], begun["products"][0]["folder"]), "name": PRODUCT[lang]}
    ask.post(f"{home}/api/v1/knowledge/products", data=product)
    return home, product["id"]


def planned(page: Page) -> None:
    """One's own plan: what one is given, a document with a day, what one's own logs suggest."""
    home, _ = _made(page)
    ask = page.context.request
    folder, document = (one.rpartition("/")[2] for one in drives.filled(page))
    due = {"due": "2026-09-25"}
    assert ask.put(f"{home}/api/v1/me/plan/documents/{document}", data=due).ok
    lang = page.locator("html").get_attribute("lang") or "en"
    file = {"name": f"{HELPS[lang]}.md", "mimeType": "text/plain", "buffer": HELPS[lang].encode()}
    ask.post(
        f"{home}/api/v1/drive/folders/{folder}/documents",
        multipart={"id": drives._id(HELPS[lang]), "kind": "skill", "file": file},
    )
    squad = next(one["squad"] for one in ask.get(f"{home}/api/v1/drive").json() if one["squad"])
    lesson = {"lesson": {"text": HELPS[lang], "base": 0}}
    told = ask.post(f"{home}/api/v1/squads/{squad}/logs", data={"day": "2026-09-14", "lines": lesson})
    log = ask.get(f"{home}/api/v1/logs/{told.json()['id']}").json()
    line = next(one["id"] for one in log["lines"] if one["key"] == "lesson")
    noted = {"line": line, "problems": [ask.get(f"{home}/api/v1/problems").json()[-1]["id"]]}
    assert ask.put(f"{home}/api/v1/logs/{log['id']}/problems", data=noted).ok
    play = {"id": drives._id(line), "line": line, "text": HELPS[lang]}
    assert ask.post(f"{home}/api/v1/logs/{log['id']}/plays", data=play).ok
    page.goto(f"{home}/me/plan")


def _made(page: Page) -> tuple[str, str]:
    """A track with two steps, made once; answers where the server is, and its id."""
    document = drives.filled(page)[1].rpartition("/")[2]
    name, read, tell = WORDS[page.locator("html").get_attribute("lang") or "en"]
    ask, home = page.context.request, page.url.partition("/drive")[0]
    squad = next(one["squad"] for one in ask.get(f"{home}/api/v1/drive").json() if one["squad"])
    new = {"id": drives._id(name), "name": name, "audience": "new"}
    made = ask.post(f"{home}/api/v1/squads/{squad}/training", data=new)
    id = str(made.json()["id"])
    if made.status == 201:
        ask.post(f"{home}/training/{id}/steps", form={"document": document, "first": "1", "text": read})
        ask.post(f"{home}/training/{id}/steps", form={"text": tell})
    return home, id
