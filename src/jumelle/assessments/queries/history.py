"""Earlier states of an answer."""

from django.db.models import QuerySet

from jumelle.assessments.models import Answer, AnswerRevision, Assessment


def answer_with_person(assessment: Assessment, item_code: str) -> Answer | None:
    return Answer.objects.filter(assessment=assessment, item_code=item_code, archived_by=None).select_related("answered_by").first()


def revisions_of(answer: Answer) -> QuerySet[AnswerRevision]:
    """Newest first."""
    return AnswerRevision.objects.filter(answer=answer).select_related("answered_by").order_by("-revision")
