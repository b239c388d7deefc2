# Mails: what they hold beside the messages' own words.

# The same in every mail about one request: mail programs put those into one thread.
mail-subject = Access request { $id }: { $what }
mail-what-more = { $first } and { $count } more
mail-what = What
mail-status = { $mark } { $id } is { $status }
mail-alarm = 🚨 { $title }
mail-decide = Review and decide
mail-open = Open { $id }
mail-footer = Hallpass sent this because it concerns your access or waits for your decision. Opening the link changes nothing. Nobody reads answers to this mail.
mail-footer-admin = Hallpass tells every admin of this. Nobody reads answers to this mail.
