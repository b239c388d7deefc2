//! What is changed in a card after its template made it: a template has no logic, and a dialog's
//! buttons all come back to us.
use serde_json::Value;

/// Makes every button one that sends the dialog.
pub(super) fn submits(part: &mut Value) {
    match part {
        Value::Array(parts) => parts.iter_mut().for_each(submits),
        Value::Object(fields) => {
            let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default();
            if kind.starts_with("Action.") {
                fields.insert("type".to_owned(), "Action.Submit".into());
                fields.remove("verb");
                if let Some(data) = fields.get_mut("data").and_then(Value::as_object_mut) {
                    data.remove("msteams");
                }
                return;
            }
            // Only messages are fetched anew.
            fields.remove("refresh");
            fields.values_mut().for_each(submits);
        }
        _ => {}
    }
}

/// Takes out what a button carries that is empty, and the choice that stands for none.
pub(super) fn tidy(part: &mut Value) {
    match part {
        Value::Array(parts) => parts.iter_mut().for_each(tidy),
        Value::Object(fields) => {
            if let Some(data) = fields.get_mut("data").and_then(Value::as_object_mut) {
                data.retain(|_, value| value.as_str() != Some(""));
            }
            if let Some(Value::Array(choices)) = fields.get_mut("choices")
                && choices.len() > 1
            {
                // What a list without choices says; with choices it says nothing.
                choices.retain(|choice| choice.get("value").and_then(Value::as_str) != Some("-"));
            }
            for (name, value) in fields.iter_mut() {
                if name != "data" {
                    tidy(value);
                }
            }
        }
        _ => {}
    }
}
