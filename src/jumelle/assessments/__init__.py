"""
A city, a department, an organisation or a practice looks at itself with a toolkit: answers, notes, evidence, results, summary.

An assessment pins one version of one toolkit and keeps the wording of each item as it was answered.
Below: toolkits, cities. Above: publishing (documents), monitoring, action plans.
"""
