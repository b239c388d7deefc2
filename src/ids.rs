//! Fresh ids for things that nobody names.

/// A new id, later ones sort later.
pub fn fresh() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A number that nobody else draws.
pub fn number() -> i64 {
    let [.., a, b, c, d, e, f, g, h] = uuid::Uuid::now_v7().into_bytes();
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}
