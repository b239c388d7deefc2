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

# The code to sign in to the web pages with.
# Subjects stand on lock screens and in logs: the code is in the letter alone.
mail-code-subject = Your code to sign in to Hallpass
mail-code-title = Your code to sign in
mail-code-line = { $minutes ->
    [one] Type it into the page that asked for it. It is good for a minute, and works once.
   *[other] Type it into the page that asked for it. It is good for { $minutes } minutes, and works once.
}
mail-code-footer = Somebody asked for this code with your address. If it was not you, do nothing: nobody can sign in without it. Hallpass never asks you for it in any other way.
