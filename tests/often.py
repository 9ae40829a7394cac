"""
How often a property is tried: a thousand times in the long run (`python3 dev.py test --slow`), fewer times in the short one.

pytest by itself, without dev.py, tries a thousand times too.
"""

import os

OFTEN = int(os.environ.get("PROPERTY_EXAMPLES", "1000"))
