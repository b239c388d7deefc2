# Messages about a request.

ask-why-you = You are asked because this flow is approved by { $plan }.
ask-why-channel = This flow is approved by { $plan }.
