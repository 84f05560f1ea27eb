"""The numbers of the example policy (POLICY.md says what they mean). Money in fen, days since 1970, rates in 1/10000."""

from __future__ import annotations

from datetime import date

EPOCH = date(1970, 1, 1)
WAN = 1_000_000
BASIS = 10_000


def day(year: int, month: int, of_month: int) -> int:
    return (date(year, month, of_month) - EPOCH).days


# Words behind the small integers, in their order; `vocabulary.yaml` has the same.
CREDIT = ("A", "B", "C", "D")
KIND = ("application", "platform", "upgrade", "station", "other")
LEVEL = ("none", "city", "province", "nation")
SECTORS = 8

# 1 firm_gate
REGISTERED_BY = day(2025, 6, 30)
WORST_CREDIT = 1
# 2 project_gate
ACCEPTED_FROM, ACCEPTED_UNTIL = day(2025, 1, 1), day(2026, 1, 1)
LEAST_INVEST = 100 * WAN
CHAIN = (0, 1, 2, 4, 6)
CHAIN_MASK = sum(1 << sector for sector in CHAIN)
PLATFORM, STATION = 1, 3
# 3 device: kinds 0 to 2; a rate by total investment, a cap by level
LAST_EQUIPMENT_KIND = 2
EQUIPMENT_STEPS = (1_000 * WAN, 5_000 * WAN)
EQUIPMENT_RATES = (1_000, 1_500, 2_000)
EQUIPMENT_CAPS = (100 * WAN, 200 * WAN, 300 * WAN, 500 * WAN)
# 4 loan
INTEREST_RATE, INTEREST_CAP = 5_000, 200 * WAN
# 6 platform
LEAST_SERVED, PLATFORM_RATE, PLATFORM_CAP = 50, 3_000, 150 * WAN
# 7 station
MACRO_FULL, MACRO_FEN, MACRO_MORE_FEN, MICRO_FEN, STATION_CAP = 100, WAN, WAN // 2, WAN // 5, 300 * WAN
# 8 research: the higher rate from an intensity of 5 %
LEAST_RND, RND_RATE, RND_HIGH_RATE, RND_CAP = 10 * WAN, 1_000, 1_500, 500 * WAN
INTENSE_PERCENT = 5
# 9 growth
LEAST_REVENUE, GROWTH_PERCENT = 2_000 * WAN, 110
GROWTH_STEPS = (1_000 * WAN, 5_000 * WAN)
GROWTH_FEN = (10 * WAN, 50 * WAN, 100 * WAN)
# 11 award by level, 12 scale_up
AWARD_FEN = (0, 50 * WAN, 100 * WAN, 300 * WAN)
SCALE_UP_FEN = 20 * WAN
# 13 firm_cap
FIRM_CAP, CONTRIBUTION_RATE = 1_000 * WAN, 5_000
# 14 pot: so much for each firm of the population, so that about a quarter is paid at every size
POT_PER_FIRM = 14 * WAN

PROJECT_CLAUSES = ("project_gate", "device", "loan", "device_or_loan", "platform")
FIRM_CLAUSES = (
    "firm_gate",
    "station",
    "research",
    "growth",
    "research_or_growth",
    "award",
    "scale_up",
    "firm_cap",
)
FAILS, MEETS, LACKS = 0, 1, 2
