# What admins are told that is about no request.
second-account-title = A second account was refused
second-account = An account with the address of { $name } was refused: { $name } has another one already. If both are theirs, pin the right one in the directory; if the address went to somebody else, change it there.
second-account-person = Person
second-account-account = Account
second-account-workspace = Workspace
unreachable-title = Somebody cannot be reached
unreachable = { $name } is reached neither in chat nor by email. What they should hear or decide waits on its request. Correct the address in the directory, or tell them yourself.
away-title = Somebody is not reached in chat
away = { $platform ->
    [teams] Microsoft Teams
   *[slack] Slack
 } takes no messages for { $name }: the app is not installed there, was removed or is blocked, or the account is gone. Nothing is lost: they are reached by email or in another chat, and there again as soon as they can be.
mail-down-title = Mail does not go out
mail-down = The mail server has taken nothing for a quarter of an hour. Nothing is lost: it is tried again every few minutes. Look at the server, or at [email] in the configuration; the log says what it answers.
sign-in-closed-title = Too many wrong codes
sign-in-closed = Twenty wrong codes were typed today to sign in to the web pages as { $name }. { $room ->
    [own] They came from a link that was mailed to { $name }, or from a browser of theirs. No code asked for there signs anybody in until midnight (UTC).
   *[open] Until midnight (UTC) no code that is asked for by the address alone signs anybody in as { $name }; a link in a mail to { $name }, or a browser they signed in with before, still leads in.
 } Ask whether it was them; the audit says when it happened.
sign-in-closed-yours = Twenty wrong codes were typed today to sign in to the web pages as you. { $room ->
    [own] They came from a link that was mailed to you, or from a browser of yours. No code asked for there signs you in until midnight (UTC).
   *[open] Until midnight (UTC) no code that is asked for by your address alone signs you in; a link in a mail to you, or a browser you signed in with before, still leads in.
 } If it was not you, or you cannot wait, tell an admin.
