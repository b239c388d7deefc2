# What is said where something is too long to be shown whole.
shortened = (shortened; Details shows all of it)
reduced-message = This message is too long for Slack to show whole. Details shows all of it.
reduced-notice = I cannot show the answer here. My direct messages and my Home tab show how things stand.
reduced-close = Close
reduced-home = There is more here than Slack can show. The command still works for everything: type it with help.
reduced-view = { $count ->
    [one] One part of this is left out, because it is more than Slack shows in one view. Turn the pages below for what they hold; everything you enter counts all the same.
   *[other] { $count } parts of this are left out, because it is more than Slack shows in one view. Turn the pages below for what they hold; everything you enter counts all the same.
}
