"""The assessment itself (`assessment`), answering together (`round`), newer versions (`upgrade`), comparing (`comparison`)."""

from jumelle.assessments.models.assessment import Answer, AnswerRevision, Assessment, ChosenFactor, Evidence
from jumelle.assessments.models.comparison import Comparison, ComparisonSide
from jumelle.assessments.models.round import AgreedAnswer, ConsensusMeeting, Respondent, RespondentAnswer, Round
from jumelle.assessments.models.upgrade import Upgrade

__all__ = [
    "AgreedAnswer",
    "Answer",
    "AnswerRevision",
    "Assessment",
    "ChosenFactor",
    "Comparison",
    "ComparisonSide",
    "ConsensusMeeting",
    "Evidence",
    "Respondent",
    "RespondentAnswer",
    "Round",
    "Upgrade",
]
