# Counts, times and other small things that stand in many places.

count-things = { $count ->
    [one] 1 thing
   *[other] { $count } things
}

duration-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
duration-hours = { $count } h
duration-minutes = { $count } min
duration-seconds = { $count } s
