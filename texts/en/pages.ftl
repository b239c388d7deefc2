# The web pages: what stands around each, a request, the lists.

page-skip = Skip to the content
page-ways = Pages
page-home = Overview
page-sign-out = Sign out
page-foot = Times are in UTC.
page-to-home = To the overview
page-not-found = Not found
page-not-found-line = There is no such page, or it is not yours to see.
page-sorry = That did not work
page-form-old = This form came from elsewhere or was open for too long. Open the page again and press once more.

page-decide = Decide
page-decide-on = Decide on { $id }
page-decide-line = If you approve, { $grantee } gets this for { $duration }, once everybody who has to agree did.
page-reason-needed = A reason is needed. The requester will read it.
page-reason-hint = Needed to reject; the requester will read it.
page-what = What is asked for
page-acts = What you can do
page-approvals = Approvals
page-timeline = What happened
page-button-of = { $label }: { $id }
page-all = Show all
page-all-of = Show all: { $list }
page-filter = Show
page-pages = Pages of this list

page-done-approved = You approved it.
page-done-rejected = You rejected it.
page-done-cancelled = It is cancelled.
page-done-ended = It is being ended. The status below changes once the access is gone.
page-done-extended = It lasts longer now.
page-done-starred = Added to your favourites.
page-done-unstarred = Removed from your favourites.
page-done-signed-out = You are signed out.

# Signing in.

sign-in-title = Who are you?
sign-in-named = This link is for the owner of { $address }. To go on, have a code sent to that address.
sign-in-send = Send me a code
sign-in-address = Your email address
sign-in-address-hint = The one that your company knows you by. If Hallpass knows it, a code arrives within a minute.
sign-in-provider = Sign in with { $name }
sign-in-old-link = This link is too old or broken. Sign in with your address instead.
sign-in-over = Please sign in again: the last time is too long ago.
sign-in-not-done = You were signed out meanwhile, and nothing was done. Please sign in again.
sign-in-busy = More people ask for a code right now than mails go out. Please try again in a minute.
sign-in-signed-out-of-us = You are signed out of Hallpass. { $name } may still know this browser; sign out there as well if others use it.
sign-in-unknown = Hallpass does not know you, or not as active. Ask an admin to look at its directory.
sign-in-provider-failed = The sign-in did not work out. Please try again.
sign-in-code-title = Look into your mail
sign-in-code-line = If Hallpass knows the address, a code of six digits is on its way to it. It is good for ten minutes, in this browser alone.
sign-in-code = Code
sign-in-code-hint = No mail? At most three codes are sent in a quarter of an hour.
sign-in-again = Ask for another one
sign-in-enter = Go on
sign-in-wrong-code = This code does not do. It may be mistyped, older than ten minutes, used, or tried too often; if in doubt, ask for another one. If none does any more today, ask an admin.

# The request form.

page-form-ways = Ways to choose
page-form-change = Change
page-form-words = Words to search with
page-form-search = Search
page-form-remove = Remove { $item }
page-form-look = Check what I wrote
page-form-live = { $id } gives or asks for the same
