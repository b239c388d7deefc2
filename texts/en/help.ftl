# What can be typed, and what is said about a line that was typed in place of the form.

help-unknown = I do not understand “{ $typed }”.
help-meant = I do not understand “{ $typed }”. Did you mean `{ $command } { $word }`?
help-no-number = Which request? Write its number: `{ $command } { $word } AR-1042`.
help-request = `{ $command } request` asks for access
help-line = `{ $command } request payments read for 2h because INC-42 …` fills the form for you
help-lists = `{ $command } requests`, `mine`, `favorites`, `delegated` or `approvals` shows a list
help-show = `{ $command } show AR-1042` shows a request
help-cancel = `{ $command } cancel AR-1042` withdraws a request that is pending; admins add a reason
help-again = `{ $command } again AR-1042` asks for the same once more
help-extend = `{ $command } extend AR-1042` lets access last longer, near its end
help-revoke = `{ $command } revoke AR-1042` ends access early; admins add a reason
help-help = `{ $command } help` shows this

line-not-understood = Not understood: { $words }.
line-nobody = I know nobody called { $name }.
line-not-for = You cannot ask for anything for { $name }. What you choose here is for yourself.
line-not-clear = Choose what you mean by “{ $words }”.
