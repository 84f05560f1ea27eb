"""The forms of the room. Amounts are asked in 元 to the fen and handed on as fen."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mangrove.funding.confirming import to_confirm
from mangrove.funding.models import EvidenceKind, Pot
from mangrove.funding.waiting import to_gather, to_make_anew, to_order
from mangrove.funding.workflow import ORDER
from mangrove.registry.choosing import OrganisationField
from mangrove.ui.filters import DateField, FilterForm
from mangrove.ui.forms import CodeField, Dated, RowField
from mangrove.ui.numbers import FEN_PER_YUAN


class FenField(forms.DecimalField):
    """元 with at most two decimals in the browser, fen in the form's data."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("单位元，可到分。"))
        # A number field of the browser would drop what is pasted with separators, without a word.
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_digits=15, decimal_places=2, min_value=Decimal("0.01"), **kwargs)

    def to_python(self, value: Any) -> Any:
        """Separators of thousands, as people paste them, are no mistake."""
        return super().to_python(
            value.replace(",", "").replace("，", "") if isinstance(value, str) else value
        )

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        return said if said is None else int(said * FEN_PER_YUAN)


def pot_words(one: Pot) -> str:
    return f"{one.name}（{one.budget_year}）"


class PotField(RowField):
    def label_from_instance(self, one: Any) -> str:
        return pot_words(one)


class WaitingFilter(FilterForm):
    """``waiting``: what is chosen like a state and is none, as it waits for a hand."""

    waiting: ClassVar[dict[str, Any]] = {}

    def lookups_of(self, name: str, value: Any) -> tuple[str, ...]:
        return () if value in self.waiting else super().lookups_of(name, value)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        waits = self.waiting.get(self.chosen().get("state", ""))
        return super().narrow(waits(rows) if waits else rows)


class AwardFilter(WaitingFilter):
    text = forms.CharField(label=_("事项、受资助单位或决定依据"))
    state = forms.ChoiceField(
        label=_("状态"), choices=[("", _("全部")), ("to_order", _("还没有付款指令")), ("to_confirm", _("一人登记，待确认"))]
    )  # fmt: skip

    lookups = {"text": ("title__icontains", "recipient__name__icontains", "basis__icontains")}
    waiting = {"to_order": to_order, "to_confirm": to_confirm}


class OrderFilter(WaitingFilter):
    text = forms.CharField(label=_("编号、事项或收款人"))
    state = forms.ChoiceField(
        label=_("状态"), choices=[
            ("", _("全部")), *((one.id, one.label) for one in ORDER.states),
            ("to_gather", _("已审核，待编批次")), ("anew", _("退票或年末收回，待重下")),
        ],
    )  # fmt: skip
    since = DateField(label=_("支付不早于"))

    lookups = {
        "text": ("number__icontains", "award__title__icontains", "payee__icontains"),
        "state": ("state",),
        "since": ("settled_on__gte",),
    }
    waiting = {"to_gather": to_gather, "anew": to_make_anew}


class EvidenceFilter(FilterForm):
    text = forms.CharField(label=_("号码、单位或申报"))
    kind = forms.ChoiceField(label=_("种类"), choices=[("", _("全部")), *EvidenceKind.choices])

    lookups = {
        "text": (
            "number__icontains",
            "seller__icontains",
            "buyer__icontains",
            "claim_title__icontains",
            "claimant__name__icontains",
        ),
        "kind": ("kind",),
    }


class PriorFilter(FilterForm):
    text = forms.CharField(label=_("企业、事项或发票"))
    lookups = {
        "text": (
            "recipient__icontains",
            "matter__icontains",
            "programme__icontains",
            "invoice_number__icontains",
        )
    }


class PotForm(Dated):
    refused_at = {"funding.pot_exists": "code", "funding.no_money": "amount"}
    code = CodeField(label=_("编号"), max_length=60, help_text=_("字母、数字和连字符，例如 5g-2026。"))
    name = forms.CharField(label=_("资金池名称"), max_length=200)
    budget_year = forms.IntegerField(label=_("预算年度"), min_value=2000, max_value=2100)
    document_number = forms.CharField(label=_("下达文件"), max_length=100, help_text=_("下达资金的文号。"))
    amount = FenField(label=_("下达金额"))

    field_order = ["name", "code", "budget_year", "document_number", "amount", "on", "why"]


class PotActForm(Dated):
    """``expected_amount``: what the pot held when the page was drawn."""

    refused_at = {"funding.no_money": "amount", "funding.below_decided": "amount", "funding.document_later": "document_on", "funding.year_in_use": "budget_year"}  # fmt: skip
    reasoned = True
    expected_amount = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = self.reasoned


class PotAddForm(PotActForm):
    reasoned = False
    document_number = forms.CharField(label=_("追加文件"), max_length=100, help_text=_("追加下达的文号。"))
    document_on = DateField(label=_("文件日期"))
    amount = FenField(label=_("追加金额"))
    field_order = ["document_number", "document_on", "amount", "on", "why"]


class PotCorrectForm(PotActForm):
    name = forms.CharField(label=_("资金池名称"), max_length=200)
    budget_year = forms.IntegerField(label=_("预算年度"), min_value=2000, max_value=2100)
    document_number = forms.CharField(label=_("下达文件"), max_length=100, help_text=_("下达资金的文号。"))
    document_on = DateField(label=_("文件日期"))
    amount = FenField(
        label=_("下达金额"), help_text=_("更正后的总额，含追加；不低于已决定的。单位元，可到分。")
    )
    field_order = ["name", "budget_year", "document_number", "document_on", "amount", "on", "why"]


class PotWithdrawForm(PotActForm):
    """Asks no more than why."""


class DecideForm(Dated):
    refused_at = {"funding.pot_empty": "amount", "funding.awarded_already": "title"}
    pot = PotField(label=_("资金池"), queryset=Pot.objects.none())
    recipient = OrganisationField(label=_("受资助单位"))
    title = forms.CharField(label=_("事项"), max_length=300)
    programme = forms.CharField(label=_("计划或措施"), max_length=60)
    amount = FenField(label=_("决定金额"))
    basis = forms.CharField(
        label=_("决定依据"), max_length=200, help_text=_("决定这笔资金的文号或会议纪要；一份纪要定了几家、几件事的，一家一件登记一次。"),
    )  # fmt: skip

    field_order = ["pot", "recipient", "title", "programme", "amount", "basis", "on", "why"]

    def __init__(self, *args: Any, pots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pot"].queryset = pots  # type: ignore[attr-defined]


class AmountForm(Dated):
    """An act on an amount that must say why: a reduction, a recovery."""

    refused_at = {"funding.bad_reduction": "amount", "funding.over_recovery": "amount"}
    amount = FenField(label=_("金额"))
    field_order = ["amount", "on", "why"]

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = True
        self.fields["amount"].label = label or self.fields["amount"].label


class RecoverForm(AmountForm):
    basis = forms.CharField(
        label=_("追回依据"), max_length=200, help_text=_("决定追回的文件或会议纪要，写文号或日期。")
    )
    receipt = forms.CharField(label=_("缴款凭证号"), max_length=100, help_text=_("企业缴回国库的凭证号。"))
    field_order = ["amount", "basis", "receipt", "on", "why"]


class OrderForm(Dated):
    refused_at = {
        "funding.other_payee": "payee_reason",
        "funding.over_award": "amount",
        "funding.tranche_ordered": "tranche",
        "funding.no_money": "amount",
    }
    tranche = forms.IntegerField(label=_("期次"), min_value=1, max_value=99)
    amount = FenField(label=_("指令金额"))
    payee = forms.CharField(label=_("收款人"), max_length=200)
    payee_reason = forms.CharField(
        label=_("收款人不是受资助单位的理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("收款人与受资助单位不一致时须写明理由，如财政直拨到承办单位；审核人看得到。"),
    )  # fmt: skip
    bank = forms.CharField(label=_("开户银行"), max_length=200)
    account = forms.RegexField(
        label=_("账号"), regex=r"^[0-9]{6,40}$", max_length=40, help_text=_("只进送国库的文件；页面上只显示末四位。"),
        error_messages={"invalid": _("账号只能是数字。")},
    )  # fmt: skip

    field_order = ["tranche", "amount", "payee", "payee_reason", "bank", "account", "on", "why"]


class OrderActForm(Dated):
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, reasoned: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = reasoned


class TransferForm(Dated):
    holder = forms.CharField(
        label=_("现在在谁手里"), max_length=200, help_text=_("收到这笔钱、还要往下拨的单位。")
    )
    field_order = ["holder", "on", "why"]


class GatherFilter(FilterForm):
    """``pots``: those of which orders wait."""

    pot = forms.ChoiceField(label=_("资金池"))
    year = forms.ChoiceField(label=_("预算年度"))

    lookups = {"pot": ("award__pot__code",), "year": ("award__pot__budget_year",)}

    def __init__(self, *args: Any, pots: Iterable[Pot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(pots)
        years = sorted({one.budget_year for one in found}, reverse=True)
        every = [("", _("全部"))]
        self.fields["pot"].choices = [*every, *((one.code, pot_words(one)) for one in found)]  # type: ignore[attr-defined]
        self.fields["year"].choices = [*every, *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]


class RunForm(Dated):
    title = forms.CharField(label=_("批次名称"), max_length=200)
    field_order = ["title", "on", "why"]


class EvidenceForm(Dated):
    refused_at = {
        "funding.evidence_counted": "number",
        "funding.no_number": "number",
        "funding.paid_elsewhere": "accepted_reason",
    }
    kind = forms.ChoiceField(label=_("种类"), choices=EvidenceKind.choices)
    code = forms.CharField(
        label=_("发票代码"), max_length=20, required=False, help_text=_("数电发票没有代码，不填。")
    )
    number = forms.CharField(label=_("发票号码或合同编号"), max_length=100)
    seller = forms.CharField(label=_("销售方"), max_length=200)
    buyer = forms.CharField(label=_("购买方"), max_length=200)
    dated = DateField(label=_("开票或签订日期"))
    amount = FenField(label=_("凭据金额"))
    claimant = OrganisationField(label=_("申报单位"))
    claim_title = forms.CharField(label=_("用于哪项申报"), max_length=300)
    claim_number = forms.CharField(label=_("申报编号"), max_length=64)
    programme = forms.CharField(label=_("计划或措施"), max_length=60)
    accepted_reason = forms.CharField(
        label=_("已在别处得到资助仍登记的理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("查到先前资金用过这张发票时才需要。"),
    )  # fmt: skip

    field_order = [
        "kind", "code", "number", "seller", "buyer", "dated", "amount", "claimant", "claim_title", "claim_number",
        "programme", "accepted_reason", "on", "why",
    ]  # fmt: skip
