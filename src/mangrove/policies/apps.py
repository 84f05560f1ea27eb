from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "mangrove.policies"
    label = "policies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mangrove.policies.room import ROOM
        from mangrove.policies.starting import refuse_missing_rules
        from mangrove.ui.house import open_room

        refuse_missing_rules()
        register_workflows()
        register_checks()
        register_work()
        listen_to_other_rooms()
        open_room(ROOM)


def register_workflows() -> None:
    from mangrove.casework.access import decide_cases
    from mangrove.casework.workflow import register
    from mangrove.policies.claims.access import claim_cases
    from mangrove.policies.claims.workflow import CLAIM
    from mangrove.policies.issuing.workflow import DRAFT
    from mangrove.policies.performance.access import performance_cases
    from mangrove.policies.performance.workflow import PERFORMANCE
    from mangrove.policies.plans.workflow import PLAN

    for flow in (CLAIM, PLAN, DRAFT, PERFORMANCE):
        register(flow)
    decide_cases(CLAIM.id, claim_cases)
    decide_cases(PERFORMANCE.id, performance_cases)


def register_checks() -> None:
    """What `mangrove ledger verify` holds against the ledger."""
    from django.utils.translation import gettext_lazy as _

    from mangrove.ledger import checks
    from mangrove.policies.issuing.verification import verify_drafts, verify_library
    from mangrove.policies.performance.verification import verify_performances
    from mangrove.policies.results.verification import verify_published
    from mangrove.policies.verification import verify_claims, verify_plans

    checks.register("policies.library", _("措施库"), verify_library)
    checks.register("policies.drafts", _("措施的制定"), verify_drafts)
    checks.register("policies.claims", _("扶持申报的判断、审核和疑点"), verify_claims)
    checks.register("policies.plans", _("资助计划"), verify_plans)
    checks.register("policies.performance", _("绩效评价"), verify_performances)
    checks.register("policies.results", _("发布为指标的资金执行"), verify_published)


def register_work() -> None:
    """Jobs, and what the worker looks after between them."""
    from mangrove.casework.messages.kinds import register as sentences
    from mangrove.jobs import kinds, rounds
    from mangrove.policies.claims import telling
    from mangrove.policies.claims.searching_doubts import SEARCH
    from mangrove.policies.instant import telling as offering
    from mangrove.policies.instant.actions import lapse
    from mangrove.policies.instant.matching import MATCH, look_after
    from mangrove.policies.issuing.telling import KINDS
    from mangrove.policies.performance.opening import look_after as open_reviews

    sentences(KINDS)
    sentences(telling.KINDS)
    sentences(offering.KINDS)
    kinds.register(MATCH)
    kinds.register(SEARCH)
    rounds.register("policies.match", look_after)
    rounds.register("policies.offers", lapse)
    rounds.register("policies.performance", open_reviews)


def listen_to_other_rooms() -> None:
    from mangrove.funding.hooks import before_order
    from mangrove.intake import hooks
    from mangrove.policies.claims.actions import hear
    from mangrove.policies.claims.credit import refuse_listed
    from mangrove.policies.claims.expense_sheets import COSTS
    from mangrove.policies.claims.expenses import PAPER
    from mangrove.policies.claims.expert_review import hear as hear_of_review
    from mangrove.policies.claims.following import follow
    from mangrove.policies.claims.workflow import PROGRAMME
    from mangrove.policies.schemes.definition import schemes
    from mangrove.reviews.hooks import listen

    for id in schemes():
        hooks.listen(id, "policies", hear)
        hooks.read_tables(id, PAPER, COSTS)
    hooks.follow("policies", follow)
    before_order(PROGRAMME, refuse_listed)
    listen("policies", hear_of_review)
