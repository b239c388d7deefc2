# Die Formulare: Zugriff beantragen, entscheiden, und was danach kommt.

