//! One way to run a statement on either database: arguments and rows as enums over the two.
//!
//! Every statement is a constant of `sql` with `$1` placeholders and runs unchanged on both.
use super::StoreError;
use super::many::{MOST_ROWS, Rows};
use super::turns::Turn;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{PgConnection, Postgres, Row as _, Sqlite, SqliteConnection};

/// A connection to one of the two, alone or with an open transaction.
#[derive(Debug)]
pub(super) enum Conn {
    /// Each statement by itself: it sees what is committed when it runs.
    Sqlite(PoolConnection<Sqlite>),
    /// A turn of the one writer.
    Turn(Turn),
    /// Each statement by itself: it sees what is committed when it runs.
    Postgres(PoolConnection<Postgres>),
    /// An open transaction.
    PostgresTx(sqlx::PgTransaction<'static>),
}

/// What a statement runs on.
pub(super) enum Side<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// A value for a placeholder.
#[derive(Debug, Clone, Copy)]
pub(super) enum Arg<'a> {
    Text(&'a str),
    MaybeText(Option<&'a str>),
    Int(i64),
    MaybeInt(Option<i64>),
    Bool(bool),
}

/// One row of an answer.
#[derive(Debug)]
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Conn {
    /// What a statement runs on.
    pub(super) fn side(&mut self) -> Result<Side<'_>, StoreError> {
        Ok(match self {
            Self::Sqlite(connection) => Side::Sqlite(connection),
            Self::Turn(turn) => Side::Sqlite(turn.connection()?),
            Self::Postgres(connection) => Side::Postgres(connection),
            Self::PostgresTx(tx) => Side::Postgres(tx),
        })
    }

    /// Runs a statement; the number of rows it changed.
    pub(super) async fn execute(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
    ) -> Result<u64, StoreError> {
        Ok(match self.side()? {
            Side::Sqlite(on) => bind_sqlite(sql, args).execute(on).await?.rows_affected(),
            Side::Postgres(on) => bind_postgres(sql, args).execute(on).await?.rows_affected(),
        })
    }

    /// Runs a statement that adds rows, for as many as there are, in their order.
    pub(super) async fn add(
        &mut self,
        statement: &'static Rows,
        rows: &[Vec<Arg<'_>>],
    ) -> Result<(), StoreError> {
        for some in rows.chunks(MOST_ROWS) {
            let args: Vec<Arg<'_>> = some.iter().flatten().copied().collect();
            self.execute(statement.text(some.len()), &args).await?;
        }
        Ok(())
    }

    /// Runs a statement; the rows it answers.
    pub(super) async fn rows(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        Ok(match self.side()? {
            Side::Sqlite(on) => {
                let rows = bind_sqlite(sql, args).fetch_all(on).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Side::Postgres(on) => {
                let rows = bind_postgres(sql, args).fetch_all(on).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Runs a statement; its first row, if any.
    pub(super) async fn row(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }
}

fn bind_sqlite<'q>(sql: &'static str, args: &[Arg<'q>]) -> Query<'q, Sqlite, SqliteArguments> {
    args.iter().fold(sqlx::query(sql), |query, arg| match *arg {
        Arg::Text(value) if is_kept(value) => query.bind(value),
        Arg::Text(value) => query.bind(kept(value)),
        Arg::MaybeText(value) if value.is_none_or(is_kept) => query.bind(value),
        Arg::MaybeText(value) => query.bind(value.map(kept)),
        Arg::Int(value) => query.bind(value),
        Arg::MaybeInt(value) => query.bind(value),
        Arg::Bool(value) => query.bind(value),
    })
}

fn bind_postgres<'q>(sql: &'static str, args: &[Arg<'q>]) -> Query<'q, Postgres, PgArguments> {
    args.iter().fold(sqlx::query(sql), |query, arg| match *arg {
        Arg::Text(value) if is_kept(value) => query.bind(value),
        Arg::Text(value) => query.bind(kept(value)),
        Arg::MaybeText(value) if value.is_none_or(is_kept) => query.bind(value),
        Arg::MaybeText(value) => query.bind(value.map(kept)),
        Arg::Int(value) => query.bind(value),
        Arg::MaybeInt(value) => query.bind(value),
        Arg::Bool(value) => query.bind(value),
    })
}

/// Whether a database keeps a text as it is.
fn is_kept(text: &str) -> bool {
    !text.as_bytes().contains(&0)
}

/// Text as a database keeps it. PostgreSQL takes no NUL, so both are given what stands for one: a
/// connector's words about a fault must not keep its outcome from being written.
fn kept(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl Row {
    pub(super) fn text(&self, column: usize) -> Result<String, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn maybe_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn int(&self, column: usize) -> Result<i64, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn maybe_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn boolean(&self, column: usize) -> Result<bool, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<Option<&'a str>> for Arg<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::MaybeText(value)
    }
}

impl From<i64> for Arg<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Option<i64>> for Arg<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::MaybeInt(value)
    }
}

impl From<bool> for Arg<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
