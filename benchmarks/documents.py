#!/usr/bin/env python3
"""
How long a document takes: the PDF of a summary of 93 items (limit 1 s), the PDF of a plan of 40 lines (5 s), a workbook of 100,000 rows
refused (10 s), each the best of three. For comparison, in the same run: an empty page by the same compiler.

    .venv/bin/python benchmarks/documents.py
"""
# ruff: noqa: E402 (models can be imported only when Django is set up)

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumelle.config.settings_test")

import django

django.setup()

import typst

from jumelle.action_plans.importing.sheets import WorkbookRefused
from jumelle.action_plans.tests.test_importing_read import huge_workbook, read
from jumelle.publishing.plan_pdf import plan_pdf
from jumelle.publishing.summary_pdf import summary_pdf
from jumelle.publishing.tests import plan_samples, samples


def best_of_three(work: Callable[[], object]) -> float:
    """Seconds: what else the machine does is not our figure."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def refuse(data: bytes) -> None:
    try:
        read(data)
    except WorkbookRefused:
        return
    raise AssertionError("a workbook of 100,000 rows was taken")


def main() -> int:
    summary = samples.sample_document("fr", samples.package_at("refugee-inclusion/1.0.0"))
    plan = plan_samples.sample_document("fr", "fr", "ar", lines=40)
    workbook = huge_workbook(100_000)
    cases = [
        ("summary of 93 items", 1, lambda: summary_pdf(summary, now=samples.NOW)),
        ("plan of 40 lines", 5, lambda: plan_pdf(plan, now=plan_samples.NOW)),
        ("100,000 rows refused", 10, lambda: refuse(workbook)),
    ]
    print(f"an empty page: {best_of_three(lambda: typst.compile(b'')):.2f} s")
    kept = True
    for name, limit, work in cases:
        took = best_of_three(work)
        kept = kept and took <= limit
        print(f"{name}: {took:.2f} s (limit {limit} s)")
    print("kept" if kept else "NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
