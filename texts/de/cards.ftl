# Nachrichten zu einem Antrag.

ask-why-you = Du wirst gefragt, weil hier { $plan } genehmigt.
ask-why-channel = Hier genehmigt { $plan }.
