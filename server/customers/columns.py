"""What the columns of a table mean: guessed from their heads, chosen by people, and read row by row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.customers.actions import STAGES, Changes
from server.customers.likeness import plain
from server.errors import Invalid
from server.visits.forms import CURRENCIES, parsed
from web.render import LANGS, N_, translate

FIELDS = {
    "": N_("leave out"),
    "name": N_("Name of the customer"),
    "zh": N_("Chinese name"),
    "en": N_("English name"),
    "alias": N_("Also called"),
    "kind": N_("What they are"),
    "stage": N_("How far we are"),
    "address": N_("Address"),
    "phone": N_("Phone"),
    "territory": N_("Territory"),
    "value": N_("Worth a year"),
    "currency": N_("Currency"),
    "tags": N_("Tags"),
    "contact": N_("Contact’s name"),
    "contact_role": N_("Contact’s part"),
    "contact_phone": N_("Contact’s phone"),
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
}
"""What a column may be."""
ALSO = {
    "name": "name customer company account client 名称 客户 客户名称 公司 公司名称 单位 单位名称 企业名称",
    "zh": "chinesename 中文名 中文名称",
    "en": "englishname 英文名 英文名称",
    "alias": "alias aka shortname 简称 别名",
    "kind": "type industry category kind 类型 行业 客户类型 类别",
    "stage": "stage status 阶段 状态",
    "address": "address street location 地址 详细地址 公司地址",
    "phone": "phone tel telephone 电话 联系电话 公司电话 座机",
    "territory": "territory region area 区域 地区 片区",
    "value": "value revenue amount 年销售额 年采购额 金额",
    "currency": "currency 币种",
    "tags": "tags labels 标签",
    "contact": "contact contactname person 联系人 联系人姓名 负责人",
    "contact_role": "role title position jobtitle 职务 职位",
    "contact_phone": "mobile contactphone cell 手机 手机号 联系人电话",
    "lat": "lat latitude 纬度",
    "lon": "lon lng longitude 经度",
}
"""What such columns are headed in the tables people have."""
SPLIT = re.compile(r"[;；、\n]+")


@dataclass
class Read:
    """A row as it is meant; `why` what is wrong with it, by field."""

    form: Changes = field(default_factory=Changes)
    contact: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)


def guess(head: Sequence[str]) -> list[str]:
    """What each column most likely is, each field once; '' what nobody can tell."""
    known = {word: name for name, words in ALSO.items() for word in words.split()}
    for name, title in FIELDS.items():
        if name:
            known |= {plain(translate(lang, title)): name for lang in LANGS}
    found: list[str] = []
    for title in head:
        name = known.get(plain(title), "")
        found.append(name if name not in found else "")
    return found


def column(n: int) -> str:
    """The letter over a column in a spreadsheet.

    >>> column(0), column(27)
    ('A', 'AB')
    """
    return (chr(64 + n // 26) if n >= 26 else "") + chr(65 + n % 26)


def read(cells: Sequence[str], mapping: Sequence[str], lands: Mapping[str, str]) -> Read:
    """What a row says, by the meaning of its columns; `lands` are territories by name."""
    said = {name: cells[n] for n, name in enumerate(mapping) if name and n < len(cells) and cells[n]}
    row = Read(contact={name: said[name] for name in said if name.startswith("contact")})
    given: dict[str, Any] = {n: said[n] for n in ("name", "kind", "address", "phone") if n in said}
    given["names"] = {n: SPLIT.split(said[n]) for n in ("zh", "en", "alias") if n in said}
    if "tags" in said:
        given["tags"] = [one.strip() for one in re.split(r"[,，;；、]+", said["tags"])]
    for name, make in (("stage", _stage), ("value", _value), ("currency", _currency)):
        if name in said and make(said[name]) is None:
            row.why[name] = N_("This does not look right.")
        elif name in said:
            given[name] = make(said[name])
    if "territory" in said and (land := lands.get(plain(said["territory"]))) is None:
        row.why["territory"] = N_("There is no territory of this name.")
    elif "territory" in said:
        given["territory"] = land
    if "lat" in said or "lon" in said:
        given["position"] = {"lat": said.get("lat", ""), "lon": said.get("lon", ""), "source": "hand"}
    if "name" not in said:
        row.why["name"] = N_("Please write something here.")
    try:
        row.form = parsed(Changes, given)
    except Invalid as refused:
        named = {"lat" if name == "position" else name: words for name, words in refused.fields.items()}
        row.why |= named
    return row


def _stage(text: str) -> str | None:
    words = {plain(translate(lang, title)): stage for stage, title in STAGES.items() for lang in LANGS}
    return {**words, **{stage: stage for stage in STAGES}}.get(plain(text))


def _value(text: str) -> str | None:
    figures = re.sub(r"[,，\s￥¥$€]", "", text)
    return figures if re.fullmatch(r"\d{1,15}(\.\d{1,4})?", figures) else None


def _currency(text: str) -> str | None:
    return text.upper() if text.upper() in CURRENCIES else None
