# Anzahlen, Zeiten und anderes Kleines, das an vielen Stellen steht.

count-things = { $count ->
    [one] 1 Sache
   *[other] { $count } Sachen
}

duration-days = { $count ->
    [one] 1 Tag
   *[other] { $count } Tage
}
duration-hours = { $count } Std.
duration-minutes = { $count } Min.
duration-seconds = { $count } Sek.
