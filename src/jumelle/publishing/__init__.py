"""
Documents to keep, print and pass on: the summary of an assessment, and the action plan.

    summary_document     a summary in words of one language; the four outputs only lay it out
    summary_pdf          typst (`typst/`, `fonts/`) → tagged PDF/UA-1     summary_docx, summary_xlsx
    meeting_sheet        what to discuss of an opened round, with room to write → PDF
    plan_document        a plan in words of one language     plan_pdf, plan_docx lay it out
    plan_xlsx            the workbook to fill in and bring back     plan_ics: the dates for calendars
    writing              what people typed: cleaned, with direction and likely language     coverage: what our fonts can print

Below: action_plans, assessments, toolkits, cities. Nobody above but the faces of the site.
"""
