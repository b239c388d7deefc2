# What admins are told that is about no request.
second-account-title = A second account was refused
second-account = An account with the address of { $name } was refused: { $name } has another one already. If both are theirs, pin the right one in the directory; if the address went to somebody else, change it there.
second-account-person = Person
second-account-account = Account
second-account-workspace = Workspace
unreachable-title = Somebody cannot be reached
unreachable = { $name } is reached neither in chat nor by email. What they should hear or decide waits on its request. Correct the address in the directory, or tell them yourself.
mail-down-title = Mail does not go out
mail-down = The mail server has taken nothing for a quarter of an hour. Nothing is lost: it is tried again every few minutes. Look at the server, or at [email] in the configuration; the log says what it answers.
