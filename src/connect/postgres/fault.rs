//! What a failed statement or connection means for the order.
use super::super::Fault;

/// Longest text of the server that goes into a fault.
const LONGEST_MESSAGE: usize = 300;

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(told) => {
                let code = told.code().unwrap_or_default();
                let text = format!("postgresql says: {} ({code})", plain(told.message()));
                if may_pass(&code) { Self::passing(text) } else { Self::lasting(text) }
            }
            // The text may hold the address with its password.
            sqlx::Error::Configuration(_) => Self::lasting("the connection's settings are wrong"),
            sqlx::Error::Io(cause) => Self::passing(format!(
                "postgresql cannot be reached: {}",
                plain(&cause.to_string())
            )),
            sqlx::Error::Tls(_) => Self::passing("no encrypted connection to postgresql"),
            other => Self::passing(format!("postgresql: {}", plain(&other.to_string()))),
        }
    }
}

/// Whether the same statement may succeed later, by the code that the server gave.
fn may_pass(code: &str) -> bool {
    let class = code.get(..2).unwrap_or_default();
    match code {
        // Read-only: a standby during a switch-over.
        "25006" | "2BP01" => true,
        _ => matches!(
            class,
            // Connection; its authentication, which an admin sets right; transaction rollback;
            // resources; object state and locks; operator and time-outs; system; internal,
            // where "tuple concurrently updated" lives.
            "08" | "28" | "40" | "53" | "55" | "57" | "58" | "XX"
        ),
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect()
}
