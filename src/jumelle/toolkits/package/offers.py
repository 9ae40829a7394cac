"""
What a person may decide for each answer when a plan is applied, and what comes of it.

    KEEP      the answer stays valid as it is
    CONFIRM   the answer is carried over, and waits for a person to confirm it
    ARCHIVE   the answer stays readable, but is no longer the answer to a question

    fate          default                                   also allowed
    unchanged     keep
    reworded      confirm                                   keep, archive
    rescaled      confirm, if the value still exists with
                  the same meaning; else archive            archive
    split         confirm: carried to each new question     archive
    merged        confirm, if all the old questions were
                  answered with the same; else archive      archive
    replaced      archive                                   confirm, if the value still exists with the same meaning
    removed       archive
    blocked       nothing: the newer version must say first what the change means
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from jumelle.toolkits.package.links import Fate
from jumelle.toolkits.package.upgrade import Step, UpgradePlan


class Choice(StrEnum):
    KEEP = "keep"
    CONFIRM = "confirm"
    ARCHIVE = "archive"


class Held(Protocol):
    """An answer as it is stored: `value` of a scale, or `text` in words; both empty when there is only a note."""

    @property
    def value(self) -> str: ...

    @property
    def text(self) -> str: ...


Answers = Mapping[str, Held]

_CHOICES: dict[Fate, tuple[Choice, ...]] = {
    Fate.UNCHANGED: (Choice.KEEP,),
    Fate.REWORDED: (Choice.CONFIRM, Choice.KEEP, Choice.ARCHIVE),
    Fate.RESCALED: (Choice.CONFIRM, Choice.ARCHIVE),
    Fate.SPLIT: (Choice.CONFIRM, Choice.ARCHIVE),
    Fate.MERGED: (Choice.CONFIRM, Choice.ARCHIVE),
    Fate.REPLACED: (Choice.ARCHIVE, Choice.CONFIRM),
    Fate.REMOVED: (Choice.ARCHIVE,),
    Fate.BLOCKED: (),
    Fate.NEW: (),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What may be decided for one answer.

    choices: the default first; () when it is blocked.
    to: the codes that the answer would live on under if it is kept or confirmed; () when it can only be archived.
    """

    step: Step
    choices: tuple[Choice, ...]
    to: tuple[str, ...]

    @property
    def default(self) -> Choice | None:
        return self.choices[0] if self.choices else None


@dataclass(frozen=True, slots=True)
class Carry:
    """
    An answer that lives on.

    to: the code in the newer version.
    sources: the old codes that it comes from, in the older version's order; several hold the same answer.
    to_confirm: whether it waits for a person.
    """

    to: str
    sources: tuple[str, ...]
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    carries: in the newer version's order.
    archived: old codes whose answer is not the answer to this very code any more, even when it lives on under another.
    """

    carries: tuple[Carry, ...]
    archived: tuple[str, ...]


class UpgradeBlocked(Exception):
    """An answer would lose its meaning, because no rule says what the change means. Holds the steps."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        super().__init__(*(step.code for step in steps))
        self.steps = steps


class ChoiceNotOffered(Exception):
    """Somebody chose what is not offered for this answer, or chose for a code without an answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def choices(step: Step) -> tuple[Choice, ...]:
    """What may be decided at most, whatever the answer is; the default first."""
    possible = _CHOICES[step.fate]
    if not step.keeps_meaning or step.fate is Fate.RESCALED:
        possible = possible if any(step.value_fits.values()) else _without_confirm(possible)
    return possible


def offers(plan: UpgradePlan, answers: Answers) -> dict[str, Offer]:
    """
    Return what may be decided for each answer, in the older version's order.

    Args:
        answers: the valid answers by the older version's codes; codes without an answer are left out.
    Raises:
        KeyError: the older version does not ask one of these codes.
    """
    for code in answers:
        plan.by_code[code]
    return {step.code: _offer(plan, step, answers) for step in plan.steps if step.code in answers}


def _offer(plan: UpgradePlan, step: Step, answers: Answers) -> Offer:
    if step.fate in (Fate.UNCHANGED, Fate.REWORDED):
        return Offer(step, _CHOICES[step.fate], step.to)
    to = tuple(target for target in step.to if _may_carry(plan, step, target, answers))
    return Offer(step, choices(step) if to else _without_confirm(_CHOICES[step.fate]), to)


def _without_confirm(possible: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return tuple(choice for choice in possible if choice is not Choice.CONFIRM)


def _may_carry(plan: UpgradePlan, step: Step, target: str, answers: Answers) -> bool:
    """
    Whether this answer may become the answer to the target.

    Its value must exist there with the same meaning. A target that keeps an answer of its own takes no other. All other
    answers that lead there must be the same; of questions that were merged, none may be unanswered.
    """
    own = answers[step.code]
    if own.value not in step.value_fits[target]:
        return False
    others = [other for other in plan.into[target] if other.code != step.code]
    return step.keeps_meaning or all(_makes_room(step, other, own, answers.get(other.code)) for other in others)


def _makes_room(step: Step, other: Step, own: Held, answer: Held | None) -> bool:
    """Whether another old question leaves the answer to a common target to this one."""
    if answer is None:
        return Fate.MERGED not in (step.fate, other.fate)
    return not other.keeps_meaning and (answer.value, answer.text) == (own.value, own.text)


def blocking(plan: UpgradePlan, answers: Answers) -> tuple[Step, ...]:
    """The steps that stand in the way of these answers; a blocked question that nobody answered does not."""
    return tuple(step for step in plan.blocked if step.code in answers)


def outcome(plan: UpgradePlan, answers: Answers, chosen: Mapping[str, Choice]) -> Outcome:
    """
    Return what becomes of the answers.

    Args:
        chosen: by old code; an answer without a choice takes its default.
    Raises:
        UpgradeBlocked: an answered item is blocked.
        ChoiceNotOffered: a choice is not among those offered.
    """
    if steps := blocking(plan, answers):
        raise UpgradeBlocked(steps)
    offered = offers(plan, answers)
    for code, choice in chosen.items():
        if code not in offered or choice not in offered[code].choices:
            raise ChoiceNotOffered(code)
    decided = {code: chosen.get(code, offer.choices[0]) for code, offer in offered.items()}
    carries = _carries(plan, offered, decided)
    stay = {carry.to for carry in carries if carry.to in carry.sources}
    return Outcome(carries, tuple(code for code in offered if code not in stay))


def _carries(plan: UpgradePlan, offered: Mapping[str, Offer], decided: Mapping[str, Choice]) -> tuple[Carry, ...]:
    sources: dict[str, list[str]] = {}
    for code, offer in offered.items():
        if decided[code] is not Choice.ARCHIVE:
            for target in offer.to:
                sources.setdefault(target, []).append(code)
    order = [item.code for item in plan.newer.items if item.code in sources]
    return tuple(
        Carry(target, tuple(sources[target]), any(decided[code] is Choice.CONFIRM for code in sources[target])) for target in order
    )
