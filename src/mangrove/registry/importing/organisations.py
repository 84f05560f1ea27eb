"""Rows of a file against the registry: whom each row means, and what it would change. Reads much at once, writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from re import ASCII, fullmatch
from typing import Any
from unicodedata import category

from django.urls import reverse
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.registry.access import access_importing
from mangrove.registry.credit_code import check
from mangrove.registry.credit_code import read as read_code
from mangrove.registry.decisions import name_key
from mangrove.registry.importing.entering import take
from mangrove.registry.importing.kinds import Importing
from mangrove.registry.importing.plan import Change, Plan
from mangrove.registry.importing.reading import Read, Wrong
from mangrove.registry.models import District, Organisation, OrganisationName
from mangrove.vocabulary.sheets import Row, declared

WHOLE = vocabulary.entity("organisation")
#: No columns of a file: whether a person has seen the code on the licence is said by that person.
SEEN_BY_A_PERSON = ("credit_code_status", "check_status")
#: What the file as a whole says, or what is made where a row does not say it.
LEFT_OUT = ("id", "source", "synthetic")
ENTITY = replace(WHOLE, fields={
    id: replace(one, required=one.required and id not in LEFT_OUT)
    for id, one in WHOLE.fields.items() if id not in SEEN_BY_A_PERSON
})  # fmt: skip
#: Control and format characters, and breaks of lines: not seen, or not meant for one line.
HIDDEN = ("Cc", "Cf", "Zl", "Zp")
#: Characters of a name as names are compared.
KEY_AT_MOST = 200
LABELS = {one.id: one.zh for one in declared(ENTITY)}
#: Without the first a row cannot be told from another; who is new must say the others as well.
MUST, FOR_NEW = ("name",), ("kind", "scope")


class Registered:
    """The registry as it stands, asked for in as many queries for twenty thousand rows as for one."""

    def __init__(self, on: date) -> None:
        entries = {one.pk: one for one in Organisation.objects.all()}
        self.by_id = {id: entries[one.merged_into_id or id] for id, one in entries.items()}
        self.by_code = {one.credit_code: one for one in self.by_id.values() if one.credit_code}
        self.on = on
        self.names: defaultdict[str, list[OrganisationName]] = defaultdict(list)
        self.by_name, self.former = dict[str, Organisation](), dict[str, Organisation]()
        for name in OrganisationName.objects.filter(kind="full").order_by("pk"):
            self.names[self.by_id[name.organisation_id].pk].append(name)
            known = self.by_name if is_current(name, on) else self.former
            known[name.key] = self.by_id[name.organisation_id]
        self.districts = {
            name: one.pk
            for one in District.objects.all()
            for name in (one.pk, one.name, one.short_name, one.name_en)
            if name
        }

    def bears(self, held: Organisation, name: str) -> bool:
        """Whether this is its full name of that day, or of today."""
        keys = {one.key for one in self.names[held.pk] if is_current(one, self.on)}
        return name_key(name) in keys | {name_key(held.name)}

    def since(self, held: Organisation) -> date | None:
        """Since when it bears its present name, as far as that is known."""
        own = (
            one for one in self.names[held.pk] if one.organisation_id == held.pk and one.valid_until is None
        )
        return next((one.valid_from for one in own), None)


def is_current(name: OrganisationName, on: date) -> bool:
    """In use today or on that day: a list of last year has the names of last year."""
    begun = name.valid_from is None or name.valid_from <= on
    return name.valid_until is None or (begun and name.valid_until > on)


def plan_of(read: Read, on: date) -> Plan:
    """What taking these rows in would do on that day."""
    plan = Plan(notes=list(read.notes))
    plan.refuse(read.wrong)
    registered, taken = Registered(on), dict[tuple[str, str], int]()
    for row in read.rows:
        plan_row(row, registered, taken, plan)
    return plan


def plan_row(row: Row, registered: Registered, taken: dict[tuple[str, str], int], plan: Plan) -> None:
    values = told(row)
    plan.refuse([*wrong_code(row, values), *wrong_district(row, values, registered), *unfit(row, values)])
    plan.refuse([Wrong(row.line, LABELS[key], "不能为空。") for key in MUST if key not in values])
    if row.line in plan.wrong_lines:
        return
    held = whom(row, values, registered, plan)
    if row.line in plan.wrong_lines:
        return
    id = held.pk if held else str(values.get("id") or made_id(values))
    if (first := min(taken.setdefault(key, row.line) for key in keys_of(id, values))) != row.line:
        plan.refuse([Wrong(row.line, "", f"与第{first}行说的是同一家机构，或者代码、名称与它相同。")])
    elif held is None:
        plan.new.append((row.line, {**values, "id": id}))
        plan.refuse(Wrong(row.line, LABELS[key], "新机构必须填写。") for key in FOR_NEW if key not in values)
    else:
        compare(row, values, held, registered, plan)


def keys_of(id: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """By what another row would be the same body: one id, one code or one name is one body, whatever else they say."""
    keys = [("id", id), ("name", name_key(str(values["name"])))]
    return [*keys, ("code", str(values["credit_code"]))] if "credit_code" in values else keys


def told(row: Row) -> dict[str, Any]:
    """What the row says; an empty cell says nothing."""
    values = {key: value for key, value in row.values.items() if value is not None}
    if "district" in values:
        values["district_id"] = values.pop("district")
    return values


def unfit(row: Row, values: Mapping[str, Any]) -> list[Wrong]:
    """What the database could not keep: texts that are too long, an id that no address can hold, control characters."""
    wrong = []
    for key, value in values.items():
        column = Organisation._meta.get_field(key.removesuffix("_id"))
        limit = getattr(column, "max_length", None)
        if isinstance(value, str) and limit and len(value) > limit:
            wrong.append(Wrong(row.line, LABELS.get(key, ""), f"最多{limit}个字，现有{len(value)}个。"))
        if isinstance(value, str) and any(category(letter) in HIDDEN for letter in value):
            wrong.append(Wrong(row.line, LABELS.get(key, ""), "含有换行或看不见的字符，请重新键入。"))
    if len(str(values.get("name", ""))) <= KEY_AT_MOST < len(name_key(str(values.get("name", "")))):
        wrong.append(Wrong(row.line, LABELS["name"], "展开全角连写字符后太长。"))
    if not fullmatch(r"[-\w]+", str(values.get("id", "x")), ASCII):
        wrong.append(Wrong(row.line, LABELS["id"], "只能用字母、数字、连字符和下划线。"))
    return wrong


def wrong_code(row: Row, values: dict[str, Any]) -> list[Wrong]:
    if "credit_code" not in values:
        return []
    text = str(values["credit_code"])
    values["credit_code"] = read_code(text).code
    return [Wrong(row.line, LABELS["credit_code"], one.message) for one in check(text) if one.certain]


def wrong_district(row: Row, values: dict[str, Any], registered: Registered) -> list[Wrong]:
    if "district_id" not in values:
        return []
    name = str(values["district_id"])
    if (id := registered.districts.get(name)) is None:
        known = "、".join(dict.fromkeys(registered.districts))
        return [Wrong(row.line, LABELS["district"], f"没有区“{name}”；可用：{known}。")]
    values["district_id"] = id
    return []


def whom(row: Row, values: Mapping[str, Any], registered: Registered, plan: Plan) -> Organisation | None:
    """By id, by code or by today's name; ``None``: new. Two of these that mean two bodies are a problem, not a guess."""
    found = {
        label: one
        for label, one in (
            (LABELS["id"], registered.by_id.get(str(values.get("id", "")))),
            (LABELS["credit_code"], registered.by_code.get(str(values.get("credit_code", "")))),
            (LABELS["name"], registered.by_name.get(name_key(str(values["name"])))),
        )
        if one is not None
    }
    bodies = {one.pk for one in found.values()}
    if len(bodies) > 1:
        said = "，".join(f"{label}是“{one.name}”的" for label, one in found.items())
        plan.refuse([Wrong(row.line, "", f"说的不是同一家：{said}。请核对。")])
        return None
    held = next(iter(found.values()), None)
    former = registered.former.get(name_key(str(values["name"])))
    if held is None and former is not None:
        plan.refuse([Wrong(row.line, LABELS["name"], f"是“{former.name}”的曾用名；请写现名称，或填上代码。")])
    code = values.get("credit_code")
    if held is not None and code and held.credit_code and held.credit_code != code:
        what = f"登记的是 {held.credit_code}；更正代码须说明理由，请到机构页办理。"
        plan.refuse([Wrong(row.line, LABELS["credit_code"], what)])
    return held


def made_id(values: Mapping[str, Any]) -> str:
    """The same body gets the same id in whichever file it comes: from its code, else from its name."""
    text = str(values.get("credit_code") or name_key(str(values["name"])))
    return f"o-{sha256(text.encode()).hexdigest()[:12]}"


def compare(
    row: Row, values: Mapping[str, Any], held: Organisation, registered: Registered, plan: Plan
) -> None:
    told = {key: value for key, value in values.items() if key not in ("id", "name")}
    now = {key: value for key, value in told.items() if getattr(held, key) != value}
    name = str(values["name"])
    renamed = not registered.bears(held, name)
    plan.refuse(not_by_file(row, now, registered.since(held) if renamed else None, registered.on))
    if row.line in plan.wrong_lines:
        return
    if renamed:
        plan.renamed.append(Change(row.line, held.pk, held.name, {"name": held.name}, {"name": name}))
    if now:
        was = {key: getattr(held, key) for key in now}
        plan.changed.append(Change(row.line, held.pk, held.name, was, now))
    plan.same += not (now or renamed)


def not_by_file(row: Row, now: Mapping[str, Any], since: date | None, on: date) -> Iterator[Wrong]:
    """``since``: when the present name began, where the row would end it."""
    if "synthetic" in now:
        yield Wrong(row.line, LABELS["synthetic"], "合成数据的标记不能由导入改动。")
    if since is not None and since >= on:
        what = f"现名称自 {since} 起用，不能在同一天或更早变更；请核对业务日期。"
        yield Wrong(row.line, LABELS["name"], what)


def saying() -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Districts by their names."""
    names = dict(District.objects.values_list("pk", "name"))

    def say(values: Mapping[str, Any]) -> Mapping[str, Any]:
        if "district_id" not in values:
            return values
        rest = {key: value for key, value in values.items() if key != "district_id"}
        return {**rest, "district": names.get(values["district_id"], "")}

    return say


ORGANISATIONS = Importing(
    id="organisations",
    label=gettext_lazy("机构名录"),
    entity=ENTITY,
    must=MUST,
    example=gettext_lazy("市市场监管局企业名单"),
    rules=gettext_lazy(
        "必须有“机构名称”；新机构还要有“类别”和“地域”。同一家机构按机构标识、统一社会信用代码、现名称认定；"
        "空格表示不改动。从名录导出的文件，中文的、英文的，改过以后都可以直接导入。"
    ),
    page="registry:organisations",
    access=access_importing,
    plan=plan_of,
    take=take,
    saying=saying,
    address=lambda id: reverse("registry:organisation", args=[id]),
)
