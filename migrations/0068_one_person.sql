-- 同一个人的账号: whoever has several accounts is one person, on one side with all of them. Those of one person have the same holder;
-- none where nobody said that there is another.
ALTER TABLE account ADD COLUMN holder TEXT;
CREATE INDEX account_by_holder ON account (holder);
CREATE INDEX account_by_name ON account (name);
