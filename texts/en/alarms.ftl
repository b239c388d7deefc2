# What admins are told that is about no request.
second-account-title = A second account was refused
second-account = An account with the address of { $name } was refused: { $name } has another one already. If both are theirs, pin the right one in the directory; if the address went to somebody else, change it there.
second-account-person = Person
second-account-account = Account
second-account-workspace = Workspace
