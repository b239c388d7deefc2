//! Fresh ids for things that nobody names.

/// A new id, later ones sort later.
pub fn fresh() -> String {
    uuid::Uuid::now_v7().to_string()
}
