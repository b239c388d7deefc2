# Die Formulare: Zugriff beantragen, entscheiden, und was danach kommt.

form-refine = Weitere Treffer: gib mehr vom Namen ein
form-refine-hint = Hier stehen nur die besten Treffer
