# The forms: asking for access, deciding, and what comes after.

