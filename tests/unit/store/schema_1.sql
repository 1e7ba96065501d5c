-- The truth of a knowledge base. Everything else in a home is derived from it.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Zstandard dictionaries that frames in `revisions` name.
CREATE TABLE dictionaries (key INTEGER PRIMARY KEY, data BLOB NOT NULL);

-- Every content ever imported for an article; the newest date is the article itself.
CREATE TABLE revisions (
  key INTEGER PRIMARY KEY,
  article_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  date TEXT,
  form TEXT NOT NULL,
  path TEXT NOT NULL,
  content BLOB NOT NULL,
  UNIQUE (article_id, sha256)
);

CREATE TABLE articles (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL REFERENCES revisions (key),
  collection TEXT,
  date TEXT,
  category TEXT,
  title TEXT NOT NULL,
  product TEXT,
  kind TEXT NOT NULL,
  fix_kind TEXT,
  diagnostics INTEGER NOT NULL,   -- how many warnings and errors its parser had
  generation INTEGER NOT NULL     -- the store's generation in which it last changed
);
CREATE INDEX articles_by_generation ON articles (generation);

CREATE TABLE removals (id TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE products (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE applies (
  article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
  product INTEGER NOT NULL REFERENCES products (key),
  version TEXT                    -- null: the product as such
);
CREATE INDEX applies_by_article ON applies (article);
CREATE INDEX applies_by_product ON applies (product);

CREATE TABLE citations (
  article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
  cited TEXT NOT NULL,
  title TEXT
);
CREATE INDEX citations_by_article ON citations (article);
CREATE INDEX citations_by_cited ON citations (cited);

-- The import ledger: what stood where on the disk, and what became of each file in it.
CREATE TABLE sources (
  key INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  collection TEXT NOT NULL,       -- '' for none
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  parser INTEGER NOT NULL,
  complete INTEGER NOT NULL,      -- 1 when every file in it was read
  UNIQUE (path, collection)
);
CREATE TABLE files (
  source INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  outcome TEXT NOT NULL,          -- stored, duplicate, unsupported or failed
  form TEXT,
  article_id TEXT,
  PRIMARY KEY (source, path)
) WITHOUT ROWID;
