# What is said where something is too long to be shown whole.
shortened = (shortened; Details shows all of it)
reduced-message = This message is too long for Slack to show whole. Details shows all of it.
reduced-notice = I cannot show the answer here. My direct messages and my Home tab show how things stand.
reduced-close = Close
reduced-home = There is more here than Slack can show. The command still works for everything: type it with help.
