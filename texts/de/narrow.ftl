# Was beim Genehmigen von einem Antrag übrig bleibt: die Felder, die danach fragen, und wie es gesagt wird.

narrow-duration = Für wie lange
narrow-duration-hint = Du kannst es kürzen, nicht verlängern.
narrow-keep = Was vergeben wird
narrow-keep-hint = Nimm das Häkchen weg, wo nichts vergeben werden soll.
narrow-open = Alle { $count } Sachen zeigen
narrow-out = Herausnehmen
narrow-out-search = Suche, was herausgenommen wird
narrow-count = Es geht um { $count } Sachen. Was du hier nennst, wird herausgenommen; der Rest bleibt.

narrow-longer = Du kannst es kürzen, nicht verlängern: höchstens { $most }.
narrow-no-time = Wähle eine der Zeiten.
narrow-foreign = Du kannst etwas herausnehmen, nicht hinzufügen. Geh zurück und sieh dir den Antrag noch einmal an.
narrow-nothing = Lass mindestens eine Sache übrig, oder lehne den Antrag ab.
narrow-moved = Jemand anderes hat geändert, worum es geht, während du es angesehen hast. Sieh noch einmal hin: Das ist übrig. Es wurde nichts entschieden.

fact-taken-out = Herausgenommen
narrowed-duration = { $left } statt { $asked }
narrowed-item = ➖ { $item }: herausgenommen von { $by }
narrowed-by = { $names } (von { $by })
narrowed-more = { $names }; und { $count } weitere
narrowed-to = höchstens { $duration }
narrowed-without = ohne { $names }
narrowed-shorter = Für { $duration }.
narrowed-fewer = Ohne { $count } der { $total } beantragten Sachen.
narrowed-both = Für { $duration } und ohne { $count } der { $total } beantragten Sachen.
narrowed-line = { $line } ({ $what })
narrowed-extend = Er kann nicht verlängert werden: Genehmigt wurde weniger Zeit als beantragt. Beantrage ihn neu, wenn er endet.
