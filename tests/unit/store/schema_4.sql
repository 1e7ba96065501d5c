-- The schema of version 4, to test how a store of it is brought up to date.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE dictionaries (
  key INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  data BLOB NOT NULL
);
CREATE TABLE originals (
  key INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  content BLOB NOT NULL
);
CREATE TABLE revisions (
  key INTEGER PRIMARY KEY,
  article_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  part INTEGER NOT NULL,
  date TEXT,
  form TEXT NOT NULL,
  source INTEGER,
  path TEXT NOT NULL,
  parser INTEGER NOT NULL,
  fields INTEGER NOT NULL,
  letters INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  diagnostics TEXT,
  original INTEGER REFERENCES originals (key),
  content BLOB NOT NULL
);
CREATE INDEX revisions_by_article ON revisions (article_id);
CREATE INDEX revisions_by_original ON revisions (original) WHERE original IS NOT NULL;
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
  diagnostics INTEGER NOT NULL,
  generation INTEGER NOT NULL
);
CREATE INDEX articles_by_generation ON articles (generation);
CREATE INDEX articles_by_revision ON articles (revision);
CREATE TABLE removals (id TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE products (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE applies (
  article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
  product INTEGER NOT NULL REFERENCES products (key),
  version TEXT NOT NULL,
  PRIMARY KEY (article, product, version)
) WITHOUT ROWID;
CREATE INDEX applies_by_product ON applies (product);
CREATE TABLE citations (
  article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
  cited TEXT NOT NULL,
  title TEXT
);
CREATE INDEX citations_by_article ON citations (article);
CREATE INDEX citations_by_cited ON citations (cited);
CREATE TABLE sources (
  key INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  shown TEXT NOT NULL,
  collection TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  parser INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  UNIQUE (path, collection)
);
CREATE TABLE files (
  source INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
  path TEXT NOT NULL,
  file TEXT,
  sha256 TEXT NOT NULL,
  parser INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  form TEXT,
  article_id TEXT,
  part INTEGER NOT NULL,
  diagnostics TEXT,
  PRIMARY KEY (source, path)
) WITHOUT ROWID;
CREATE INDEX files_by_article ON files (article_id) WHERE article_id IS NOT NULL;
CREATE TABLE gone (
  source INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
  path TEXT NOT NULL,
  article_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  part INTEGER NOT NULL,
  file TEXT NOT NULL,
  PRIMARY KEY (source, path, article_id, sha256, part)
) WITHOUT ROWID;
CREATE INDEX gone_by_article ON gone (article_id, sha256, part);
