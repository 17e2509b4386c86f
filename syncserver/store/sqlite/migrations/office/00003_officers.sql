-- +goose Up
-- badge is the SHA-256 of the secret in the officer's badge. An officer who left
-- keeps the row, so that the number never means somebody else in old records.
ALTER TABLE officer ADD COLUMN badge BLOB;
ALTER TABLE officer ADD COLUMN removed INTEGER NOT NULL DEFAULT 0; -- when; unix ms
