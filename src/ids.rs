//! Fresh ids for things that nobody names.
use chrono::{DateTime, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// A new id, later ones sort later.
pub fn fresh() -> String {
    Uuid::now_v7().to_string()
}

/// A new id that says that it was made at `now`.
pub fn made_at(now: DateTime<Utc>) -> String {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let timestamp = Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos());
    Uuid::new_v7(timestamp).to_string()
}

/// When an id of [`made_at`] was made; `None` for any other text.
pub fn time_of(id: &str) -> Option<DateTime<Utc>> {
    let (seconds, nanos) = Uuid::parse_str(id).ok()?.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}

/// A number that nobody else draws.
pub fn number() -> i64 {
    let [.., a, b, c, d, e, f, g, h] = Uuid::now_v7().into_bytes();
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_when_it_was_made_and_no_other_text_does() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();

        assert_eq!(time_of(&made_at(now)), Some(now));
        assert_ne!(made_at(now), made_at(now));
        for text in ["", "AR-1042", "67e55044-10b1-426f-9247-bb680e5fe0c8"] {
            assert_eq!(time_of(text), None, "{text}");
        }
    }
}
