# Microsoft Teams' tab: the way in, and what its pages have that others have not.

tab-title = Hallpass in Microsoft Teams
tab-waiting = Microsoft Teams is asked who you are …
tab-failed = Microsoft Teams did not say who you are. Close the tab and open it again; if that does not help, tell an admin.
tab-line = Inside of Microsoft Teams you are signed in by itself.
tab-elsewhere = Open in the browser
tab-again = Try again
tab-refused = Microsoft Teams' word on who you are was not accepted. Close the tab and open it again; if that does not help, tell an admin.
tab-busy = Microsoft cannot be asked at the moment whether that is really you. Try again in a minute.
tab-unknown = Hallpass does not know your account yet. Write “help” to it in its chat first, then open this tab again; if that does not help, ask an admin to add you to its directory.
tab-no-cookie = The browser did not keep the cookie that this page needs, so nobody could be signed in. Try again; if that does not help, open Hallpass in the browser.
