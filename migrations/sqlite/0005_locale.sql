-- The locale that the platform last said of an account, `de-DE`: what its person is written to in.
ALTER TABLE account ADD COLUMN locale TEXT;
