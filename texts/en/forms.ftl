# The forms: asking for access, deciding, and what comes after.

form-refine = More results: type more of the name
form-refine-hint = Only the best matches are listed here
