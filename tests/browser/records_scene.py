"""A few records of the sample firms, one of them with a second version: all of it synthetic, and said so."""

from __future__ import annotations

import io

from django.utils import timezone

from mangrove.jobs import worker
from mangrove.jobs.actions import submit
from mangrove.registry.importing.files import keep
from mangrove.registry.importing.kinds import importing
from mangrove.registry.models import Organisation, User
from mangrove.registry.records.models import Record

YEARS = "机构,年度,营业收入（万元）,研发投入（万元）,加权平均净资产收益率,审计意见,职工总数,来源,合成数据"
TITLES = "称号标识,获认定单位,称号类别,认定层级,认定日期,合成数据"


def records_of_firms() -> Record:
    """The record with two versions, about the firm of the sample applicant."""
    firm = User.objects.get(username="a1").organisation
    assert firm is not None
    bodies = [firm, *Organisation.objects.filter(kind="operator").order_by("pk")[:3]]
    years = [
        f"{one.pk},{year},{1000 * n + year},{60 * n},{n}.5%,标准无保留意见,{90 * n},审计报告（合成）,是"
        for n, one in enumerate(bodies, start=1)
        for year in (2023, 2024, 2025)
    ]
    take("firm_year", YEARS, *years)
    take("firm_year", "机构,年度,营业收入,来源", f"{firm.pk},2025,3210.5万元,更正后的审计报告（合成）")
    take("title", TITLES, f"sample-1,{firm.pk},孵化器,市级,2024-06-30,是")
    return Record.objects.get(organisation=firm, entity="firm_year", version=2)


def take(entity: str, *lines: str) -> None:
    content = io.BytesIO("\n".join(lines).encode())
    submit(
        importing(entity).take_kind, title="导入样例", by=User.objects.get(username="officer_a").actor, on=timezone.localdate(),
        arguments={"sha256": keep(content), "file": f"{entity}.csv", "source": "样例（合成）"},
    )  # fmt: skip
    worker.work(until_idle=True)
