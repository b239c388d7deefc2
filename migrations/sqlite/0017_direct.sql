-- Where an account is written to directly, on platforms that have to be told a conversation.
ALTER TABLE account ADD COLUMN direct TEXT;
