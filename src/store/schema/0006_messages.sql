-- What people read later is kept in both languages. Of what was kept in one, both places say the same.
ALTER TABLE job RENAME COLUMN message TO message_en;
ALTER TABLE job ADD COLUMN message_zh TEXT NOT NULL DEFAULT '';
UPDATE job SET message_zh = message_en;

ALTER TABLE import RENAME COLUMN message TO message_en;
ALTER TABLE import ADD COLUMN message_zh TEXT NOT NULL DEFAULT '';
UPDATE import SET message_zh = message_en;

ALTER TABLE import_error RENAME COLUMN reason TO reason_en;
ALTER TABLE import_error ADD COLUMN reason_zh TEXT NOT NULL DEFAULT '';
UPDATE import_error SET reason_zh = reason_en;

ALTER TABLE follower_hold RENAME COLUMN message TO message_en;
ALTER TABLE follower_hold ADD COLUMN message_zh TEXT NOT NULL DEFAULT '';
UPDATE follower_hold SET message_zh = message_en;
