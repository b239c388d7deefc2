-- Since when an account cannot be written to, and when it was last found that it can. The twin of this
-- file has the same columns.
ALTER TABLE account ADD COLUMN away_since BIGINT;
ALTER TABLE account ADD COLUMN back_at BIGINT;
