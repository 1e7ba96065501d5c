-- The truth of a knowledge base. Everything else in a home is derived from it.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Zstandard dictionaries that frames in `revisions` name.
CREATE TABLE dictionaries (
  key INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,     -- by which frames name it
  data BLOB NOT NULL
);

-- Files with several articles in them, once; the bytes of all other files are with their article.
CREATE TABLE originals (
  key INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  content BLOB NOT NULL           -- a Zstandard frame
);

-- Forms, collections, categories, products as headers name them, kinds: each once.
CREATE TABLE names (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- Lists of diagnostics: most articles have the same as many others.
CREATE TABLE diagnostic_lists (
  key INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,    -- of what is in it (kb/store/shared_lists.py)
  content TEXT NOT NULL           -- JSON: [[level, code, what, line], ...]
);

-- Every content ever imported for an article; one of them is the article itself (kb/store/standing.py).
CREATE TABLE revisions (
  key INTEGER PRIMARY KEY,
  article_id TEXT NOT NULL,
  sha256 BLOB NOT NULL,           -- of the file it was read from
  part INTEGER NOT NULL,          -- counts the articles of one id within one file, from 0
  date INTEGER,                   -- days since 1970-01-01, null for none
  form INTEGER NOT NULL REFERENCES names (key),
  source INTEGER,                 -- the ledger's key of the file on the disk, null for standard input
  path TEXT NOT NULL,             -- within that file ('' is the file itself), or as it was shown
  parser INTEGER NOT NULL,        -- the version of the parser that read it
  fields INTEGER NOT NULL,        -- how many fields the form states
  letters INTEGER NOT NULL,       -- how much text there is
  kept INTEGER NOT NULL,          -- 1: of standard input, which is never gone; 2: of a store without ledger
  diagnostics INTEGER REFERENCES diagnostic_lists (key),   -- null for none
  original INTEGER REFERENCES originals (key),   -- null: the bytes are in `content`
  content BLOB NOT NULL           -- a Zstandard frame (kb/store/content.py)
);
-- Of one article a hash and part stand once; kb/store/changes.py sees to it, an index of hashes is several times as large.
CREATE INDEX revisions_by_article ON revisions (article_id);
CREATE INDEX revisions_by_original ON revisions (original) WHERE original IS NOT NULL;

CREATE TABLE articles (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,      -- of `revisions`; doctor looks after it, the index for a foreign key is too large
  collection INTEGER REFERENCES names (key),
  date INTEGER,                   -- as in `revisions`
  category INTEGER REFERENCES names (key),
  title TEXT NOT NULL,
  product INTEGER REFERENCES names (key),
  kind INTEGER NOT NULL REFERENCES names (key),
  fix_kind INTEGER REFERENCES names (key),
  applies INTEGER REFERENCES applies_lists (key),          -- null where it states nothing
  diagnostics INTEGER NOT NULL,   -- how many warnings and errors its parser had
  generation INTEGER NOT NULL     -- the store's generation in which it last changed
);
CREATE INDEX articles_by_applies ON articles (applies);

CREATE TABLE removals (id TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE products (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
-- What articles apply to: each list of products once, for all articles that have it.
CREATE TABLE applies_lists (
  key INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE     -- of what is in it (kb/store/shared_lists.py)
);
CREATE TABLE applies (
  list INTEGER NOT NULL REFERENCES applies_lists (key) ON DELETE CASCADE,
  product INTEGER NOT NULL REFERENCES products (key),
  version TEXT NOT NULL,          -- '': the product as such
  PRIMARY KEY (list, product, version)
) WITHOUT ROWID;
CREATE INDEX applies_by_product ON applies (product);

CREATE TABLE citations (
  article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
  cited TEXT NOT NULL,
  PRIMARY KEY (article, cited)
) WITHOUT ROWID;
CREATE INDEX citations_by_cited ON citations (cited);

-- The import ledger: what stood where on the disk, and what became of each file in it.
CREATE TABLE sources (
  key INTEGER PRIMARY KEY,
  path TEXT NOT NULL,             -- absolute
  shown TEXT NOT NULL,            -- as the user named it last
  collection TEXT NOT NULL,       -- '' for none
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  parser INTEGER NOT NULL,
  complete INTEGER NOT NULL,      -- 1 when all that is in it is in `files`
  UNIQUE (path, collection)
);
CREATE TABLE files (
  source INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
  path TEXT NOT NULL,             -- within the source: '' the file itself, '!...' a member, '...#Q...' an article of several
  file TEXT,                      -- the path without that article; null: the same
  revision INTEGER REFERENCES revisions (key),   -- of the article that was read; null: it gave none
  parser INTEGER NOT NULL,
  form INTEGER REFERENCES names (key),           -- null: that of the revision, or none
  sha256 BLOB,                                   -- of a file that gave no article; else it stands in `revisions`
  outcome TEXT,                                  -- likewise: unsupported or failed
  diagnostics INTEGER REFERENCES diagnostic_lists (key),   -- likewise
  PRIMARY KEY (source, path)
) WITHOUT ROWID;
CREATE INDEX files_by_revision ON files (revision) WHERE revision IS NOT NULL;

-- Articles that a file has held and holds no more; they stay until they are pruned.
CREATE TABLE gone (
  source INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
  path TEXT NOT NULL,
  revision INTEGER NOT NULL REFERENCES revisions (key),
  file TEXT NOT NULL,
  PRIMARY KEY (source, path, revision)
) WITHOUT ROWID;
CREATE INDEX gone_by_revision ON gone (revision);
