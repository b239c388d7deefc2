# Das Ende eines Zugriffs: nah, verschoben, gekommen; vorzeitiges Ende und ein neuer Antrag.

ending-soon = ⏰ Dein Zugriff endet bald
ending-moved = Dein Zugriff wurde verlängert
ending-moved-line = Er dauert länger. Du hörst von mir, bevor er endet.
ending-now = 🔄 Dieser Zugriff wird entzogen
ending-over = Dieser Zugriff ist beendet

extend-button = Um { $step } verlängern
extend-offered = { $left ->
    [one] Du kannst ihn ohne neuen Antrag um { $step } verlängern. Das geht zum letzten Mal.
   *[other] Du kannst ihn ohne neuen Antrag um { $step } verlängern, insgesamt noch { $left }-mal.
}
extend-by-other = { $name } kann ihn verlängern.
extend-not-active = Nur ein aktiver Zugriff kann verlängert werden, und nur vor seinem Ende.
extend-not-allowed = Er kann nicht verlängert werden: Seine Zugriffsregel erlaubt keine Verlängerung. Beantrage ihn neu, wenn er endet.
extend-changed = Er kann nicht verlängert werden: Seine Zugriffsregel vergibt diesen Zugriff nicht mehr. Beantrage ihn neu.
extend-used = { $times ->
    [one] Er wurde einmal verlängert, so oft seine Zugriffsregel es erlaubt.
   *[other] Er wurde { $times }-mal verlängert, so oft seine Zugriffsregel es erlaubt.
}
extend-at-longest = Er dauert schon so lange, wie seine Zugriffsregel es erlaubt.
extend-early = Er kann verlängert werden, sobald sein Ende nah ist, ab { $from }.
extend-already = Er wurde schon verlängert und dauert bis { $until }.
extend-refused = { $id } wurde nicht verlängert.
ended-standing = { $status }: { $standing }
extend-done = { $id } ist bis { $until } verlängert.

end-cancel-title = { $id } zurückziehen
end-cancel-submit = Zurückziehen
end-cancel-line = Niemand wird mehr gefragt. Wer den Antrag gestellt hat, erfährt, wer ihn zurückgezogen hat und warum.
end-revoke-title = { $id } beenden
end-revoke-submit = Zugriff beenden
end-revoke-line = Der Zugriff wird entzogen, offene Sitzungen werden getrennt. Wer ihn beantragt hat und wer ihn hat, erfährt, wer ihn beendet hat und warum.
end-reason = Warum (wird im Antrag angezeigt)

again-button = Neu beantragen

again-note = Damit beantragst du noch einmal, worum es in { $id } ging. Schreibe, wofür du es diesmal brauchst.
again-gone = Nicht mehr angeboten und weggelassen: { $names }.
again-more = { $names } und { $count } weitere
ending-moved-below = Eine neuere Nachricht weiter unten sagt, wann er endet.
