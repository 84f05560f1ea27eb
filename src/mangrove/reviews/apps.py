from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "mangrove.reviews"
    label = "reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mangrove.casework.access import decide_cases
        from mangrove.casework.workflow import register
        from mangrove.ledger.checks import register as check
        from mangrove.registry.importing import kinds as importing
        from mangrove.reviews.access import assignment_cases, round_cases
        from mangrove.reviews.importing import ASSIGNMENTS, EXPERTS
        from mangrove.reviews.room import ROOM
        from mangrove.reviews.rubrics import rubrics
        from mangrove.reviews.rules import refuse_missing_rules
        from mangrove.reviews.verification import verify_draws, verify_experts, verify_marks
        from mangrove.reviews.workflow import ASSIGNMENT, ROUND
        from mangrove.ui.house import open_room

        refuse_missing_rules()
        rubrics()
        for flow in (ROUND, ASSIGNMENT):
            register(flow)
        decide_cases(ROUND.id, round_cases)
        decide_cases(ASSIGNMENT.id, assignment_cases)
        for list_of in (EXPERTS, ASSIGNMENTS):
            importing.register(list_of)
        open_room(ROOM)
        check("reviews.experts", _("专家库"), verify_experts)
        check("reviews.marks", _("评审分数"), verify_marks)
        check("reviews.draws", _("专家抽取"), verify_draws)
