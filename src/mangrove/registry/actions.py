"""What people do in the registry: register, rename, correct; open and keep accounts. Each act writes its event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry.decisions import name_key, sound_credit_code
from mangrove.registry.models import District, Organisation, OrganisationName


@transaction.atomic
def register_organisation(
    *, id: str, name: str, kind: str, scope: str, by: Actor, on: date, source: str,
    why: str = "", short_name: str = "", name_en: str = "", credit_code: str = "",
    district: District | None = None, trade: str = "", place: str = "", note: str = "", synthetic: bool = False,
) -> Organisation:  # fmt: skip
    """Enter a new organisation with the names it bears today. Raises :class:`Refusal` when it is already known."""
    name = required(name, _("机构名称"))
    if Organisation.objects.filter(pk=id).exists():
        raise Refusal(
            _("机构标识“%(id)s”已经用过。") % {"id": id},
            code="registry.organisation.id_taken",
            where=_("机构标识"),
            remedy=_("请换一个标识。"),
        )
    refuse_known_name(name, on)
    entity = vocabulary.entity("organisation")
    made = Organisation.objects.create(
        id=id, name=name, short_name=short_name, name_en=name_en, credit_code=free_credit_code(credit_code),
        kind=word(entity.field("kind"), kind), scope=word(entity.field("scope"), scope), district=district,
        trade=trade, place=place, note=note, source=source, synthetic=synthetic,
    )  # fmt: skip
    for kind_, text in (("full", name), ("short", short_name), ("english", name_en)):
        if text:
            make_name(made, text, kind_, source=source)
    record("registry.register_organisation", subject=made.ref, by=by, on=on, why=why, payload=described(made))
    return made


@transaction.atomic
def rename_organisation(
    *, organisation: Organisation, name: str, by: Actor, on: date, source: str, why: str = ""
) -> Organisation:
    """From ``on`` the organisation bears ``name``; the former name stays, valid until that day."""
    organisation = standing_entry(organisation)
    name, former = required(name, _("机构名称")), organisation.name
    if name_key(name) == name_key(former):
        raise Refusal(
            _("新名称与现名称相同。"),
            code="registry.rename.same",
            where=former,
            remedy=_("请填写变更后的名称。"),
        )
    refuse_known_name(name, on)
    close_full_names(organisation, on)
    make_name(organisation, name, "full", source=source, valid_from=on)
    organisation.name = name
    organisation.save(update_fields=["name"])
    payload = {"from": former, "to": name, "valid_from": on.isoformat(), "source": source}
    record("registry.rename_organisation", subject=organisation.ref, by=by, on=on, why=why, payload=payload)
    return organisation


@transaction.atomic
def add_alias(
    *, organisation: Organisation, text: str, by: Actor, on: date, source: str, kind: str = "alias",
    valid_from: date | None = None, valid_until: date | None = None, why: str = "",
) -> OrganisationName:  # fmt: skip
    """Record another name under which the organisation was or is known, from one day up to but without another."""
    organisation, text = standing_entry(organisation), required(text, _("名称"))
    kind = word(vocabulary.entity("organisation_name").field("kind"), kind)
    if valid_from and valid_until and valid_from >= valid_until:
        raise Refusal(_("停用日期 %(valid_until)s 不晚于启用日期 %(valid_from)s。") % {"valid_until": valid_until, "valid_from": valid_from}, code="registry.name.dates", where=text,
                      remedy=_("停用日期不含当日，至少比启用日期晚一天。"))  # fmt: skip
    if organisation.names.filter(key=name_key(text), kind=kind, valid_from=valid_from).exists():
        raise Refusal(
            _("“%(text)s”已经记在%(name)s名下。") % {"text": text, "name": organisation.name},
            code="registry.name.known",
            where=text,
            remedy=_("不必重复登记。"),
        )
    made = make_name(organisation, text, kind, source=source, valid_from=valid_from, valid_until=valid_until)
    payload = {
        "text": text,
        "kind": kind,
        "valid_from": iso(valid_from),
        "valid_until": iso(valid_until),
        "source": source,
    }
    record("registry.add_alias", subject=organisation.ref, by=by, on=on, why=why, payload=payload)
    return made


@transaction.atomic
def correct_credit_code(
    *, organisation: Organisation, code: str, by: Actor, on: date, why: str, verified: bool = False
) -> Organisation:
    """Put the right unified social credit code; ``verified``: seen on the licence. The reason is kept."""
    required(why, _("更正理由"))
    organisation = standing_entry(organisation)
    former, organisation.credit_code = organisation.credit_code, free_credit_code(code, organisation)
    organisation.credit_code_status = "verified" if verified else "unverified"
    organisation.save(update_fields=["credit_code", "credit_code_status"])
    payload = {"from": former, "to": organisation.credit_code, "status": organisation.credit_code_status}
    record("registry.correct_credit_code", subject=organisation.ref, by=by, on=on, why=why, payload=payload)
    return organisation


def standing_entry(organisation: Organisation) -> Organisation:
    """The row under its lock, as merging takes it. Raises :class:`Refusal` when another entry answers for it."""
    found = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if found.merged_into_id:
        raise merged_away(found)
    return found


def merged_away(one: Organisation) -> Refusal:
    return Refusal(
        _("“%(name)s”已并入“%(kept)s”。") % {"name": one.name, "kept": one.standing.name},
        code="registry.merge.merged", where=one.name, remedy=_("请在保留的一家名下办理，或先撤销合并。"),
    )  # fmt: skip


def refuse_known_name(name: str, on: date) -> None:
    bearers = (
        OrganisationName.objects.valid_on(on)
        .filter(key=name_key(name), kind="full")
        .select_related("organisation")
    )
    for bearer in bearers[:1]:
        raise name_taken(name, bearer.organisation_id)


def name_taken(name: str, bearer: str) -> Refusal:
    return Refusal(
        _("“%(name)s”已经登记为机构“%(organisation_id)s”。") % {"name": name, "organisation_id": bearer},
        code="registry.organisation.name_taken", where=_("机构名称"), remedy=_("请先查找；确是另一家的，请写明区别后的全称。"),
    )  # fmt: skip


def close_full_names(organisation: Organisation, on: date) -> None:
    current = organisation.names.filter(kind="full").filter(pk__in=OrganisationName.objects.valid_on(on))
    for name in current:
        if name.valid_from and name.valid_from >= on:
            raise Refusal(_("现名称自 %(valid_from)s 起用，不能在同一天或更早变更。") % {"valid_from": name.valid_from}, code="registry.rename.too_early",
                          where=organisation.name, remedy=_("请核对变更日期。"))  # fmt: skip
        name.valid_until = on
        name.save(update_fields=["valid_until"])


def make_name(organisation: Organisation, text: str, kind: str, **fields: Any) -> OrganisationName:
    """Raises :class:`Refusal` where another organisation bears it as its full name, entered this very moment or earlier."""
    key = name_key(text)
    try:
        with transaction.atomic():
            return OrganisationName.objects.create(
                organisation=organisation, text=text, key=key, kind=kind, **fields
            )
    except IntegrityError as error:
        bearer = OrganisationName.objects.filter(key=key, kind="full", valid_until=None).first()
        if bearer is None or kind != "full":
            raise
        raise name_taken(text, bearer.organisation_id) from error


def free_credit_code(text: str, owner: Organisation | None = None) -> str | None:
    """A sound code that no other organisation bears; ``None`` when empty."""
    code = sound_credit_code(text)
    others = Organisation.objects.exclude(pk=owner.pk) if owner else Organisation.objects.all()
    taken = others.filter(credit_code=code).first() if code else None
    if taken:
        raise Refusal(_("代码“%(code)s”已经属于%(name)s。") % {"code": code, "name": taken.name}, code="registry.credit_code.taken", where=_("统一社会信用代码"),
                      remedy=_("请核对是否同一机构；合并后沿用代码的，先更正原机构。"))  # fmt: skip
    return code


def word(field: vocabulary.Field, text: str) -> str:
    """The enum word that ``text`` names, by id or in Chinese. Raises :class:`Refusal` with the nearest."""
    try:
        return str(vocabulary.parse_value(field, text))
    except ValueError as error:
        raise Refusal(str(error), code="registry.word.unknown", where=field.zh) from error


def required(text: str, where: str) -> str:
    if not text.strip():
        raise Refusal(
            _("%(where)s不能为空。") % {"where": where},
            code="registry.required",
            where=where,
            remedy=_("请填写%(where)s。") % {"where": where},
        )
    return text.strip()


def described(organisation: Organisation) -> dict[str, Any]:
    columns: Iterable[str] = (
        "name",
        "short_name",
        "credit_code",
        "kind",
        "scope",
        "district_id",
        "source",
        "synthetic",
    )
    return {column: getattr(organisation, column) for column in columns}


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
