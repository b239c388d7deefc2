# Tickets, and the three lights over a justification.

ticket-label = Ticket
ticket-fits = { $number } ({ $type })
ticket-found = { $number } ({ $type }, exists)
ticket-unchecked = { $number } ({ $type }) ⚠️ could not be checked: the ticket system did not answer
ticket-missing = Name a ticket, such as { $examples }.
ticket-not-one = This is no ticket's number; write one like { $examples }.
ticket-wrong-type = This needs another type of ticket, such as { $examples }.
ticket-none-for-all = These need tickets of different types; ask for them in separate forms.
ticket-not-there = There is no ticket { $number } in the ticket system.
ticket-unanswered = The ticket cannot be checked now, because its system does not answer. Try again in a minute.

light-task = Says what you will do
light-level = Says why it must be this permission
light-ticket = Names a ticket
light-green = 🟢 { $about }
light-amber = 🟡 { $about }: { $hint }
light-red = 🔴 { $about }: { $hint }
lights-languages = Texts are understood in English and German.

hint-empty = nothing is written yet.
hint-is-example = this is our example; write your own reason.
hint-no-sense = this does not read like a sentence.
hint-unknown-language = only English and German can be checked.
hint-no-task = write what you will do, and with what.
hint-too-short = write a little more: what exactly, and where.
hint-no-action = write what you will do with it, such as compare, check or correct.
hint-no-level = write what you need “{ $permission }” for.
hint-no-reason = write why that is needed, such as “to …” or “because …”.
hint-less-would-do = what you describe seems to need less than “{ $permission }”; ask for less, or write what you will change.
hint-no-ticket = write the number of the ticket it is for.
hint-other-ticket = { $number } is not a ticket that counts here.
