"""
Documents to keep, print and pass on: today the summary of an assessment, on screen, as PDF, DOCX and XLSX.

    summary_document     a summary in words of one language; the four outputs only lay it out
    summary_pdf          typst (`typst/`, `fonts/`) → tagged PDF/UA-1     summary_docx, summary_xlsx
    writing              what people typed: cleaned, with direction and likely language     coverage: what our fonts can print

Below: assessments, toolkits, cities. Nobody above but the faces of the site.
"""
