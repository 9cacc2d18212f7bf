-- 资源库 (T5.5, S3.3): courses, papers, textbooks and cases that schools share; their content lies in the folder of files.
CREATE TABLE library_item (
    id        TEXT PRIMARY KEY,
    -- Which school shares it.
    owner     TEXT NOT NULL REFERENCES org (id),
    -- Of the programme, as are its licence, the major category and the task of the plan; "" where none was named.
    kind      TEXT NOT NULL,
    title     TEXT NOT NULL,
    about     TEXT NOT NULL,
    major     TEXT NOT NULL,
    task      TEXT NOT NULL,
    licence   TEXT NOT NULL,
    -- Whose the rights are; "" where they are the owner's.
    holder    TEXT NOT NULL,
    -- The recorded output as which it was nominated: models are counted there.
    output    TEXT REFERENCES output_thing (id),
    -- Its number, in the order of time: a short name for the index below.
    place     BIGINT NOT NULL UNIQUE,
    -- The newest edition.
    edition   BIGINT NOT NULL CHECK (edition > 0),
    shared_on DATE NOT NULL,
    state     TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    version   BIGINT NOT NULL
);
-- The place of the last one. Whoever shares something takes the next, one after the other.
CREATE TABLE library_turn (
    id BIGINT PRIMARY KEY,
    n  BIGINT NOT NULL
);
INSERT INTO library_turn (id, n) VALUES (1, 0);
CREATE INDEX library_item_by_owner ON library_item (owner);
CREATE INDEX library_item_by_state ON library_item (state);

-- A file, under the SHA-256 of its content: the same content lies once, however many hand it in.
CREATE TABLE library_edition (
    item     TEXT NOT NULL REFERENCES library_item (id),
    edition  BIGINT NOT NULL,
    hash     TEXT NOT NULL CHECK (length(hash) = 64),
    size     BIGINT NOT NULL CHECK (size > 0),
    mime     TEXT NOT NULL,
    name     TEXT NOT NULL,
    note     TEXT NOT NULL,
    added_on DATE NOT NULL,
    PRIMARY KEY (item, edition)
);
CREATE INDEX library_edition_by_hash ON library_edition (hash);

-- By what an item is found: pairs of characters, words, pinyin, and what it is filtered by. Computed from the item. Places
-- follow the time, so that this order is the newest first, read from the index; they are numbers and not ids, because a search
-- compares thousands of them.
CREATE TABLE library_term (
    term  TEXT NOT NULL,
    place BIGINT NOT NULL REFERENCES library_item (place),
    PRIMARY KEY (term, place)
);
CREATE INDEX library_term_by_place ON library_term (place);

-- 使用: a school says in which course or class it used an item. Nobody confirms it; it is listed.
CREATE TABLE library_use (
    id        TEXT PRIMARY KEY,
    item      TEXT NOT NULL REFERENCES library_item (id),
    school    TEXT NOT NULL REFERENCES org (id),
    subject   TEXT NOT NULL,
    -- Of the programme's calendar.
    semester  TEXT NOT NULL,
    stated_on DATE NOT NULL,
    state     TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    version   BIGINT NOT NULL
);
CREATE INDEX library_use_by_item ON library_use (item);
CREATE INDEX library_use_by_school ON library_use (school);
