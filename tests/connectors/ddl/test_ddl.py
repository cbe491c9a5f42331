"""Schema and migration files: the tables that stand after the last one, and what was not understood."""

import json

import pytest

from connectors.ddl.connector import CONNECTOR
from connectors.ddl.statements import statements
from pii_scan.core.errors import SourceError
from pii_scan.core.model import Note, Plan
from tests.commands import run


def opened(path, **options):
    settings = {**CONNECTOR.config_of(str(path)), **options}
    return CONNECTOR.open(CONNECTOR.config.model_validate(settings))


def schema(tmp_path, *files, **options):
    """The datasets of files that are taken in this order."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for number, text in enumerate(files):
        (folder / f"{number:03}.sql").write_text(text)
    return {"/".join(d.path): d for d in opened(folder, **options).datasets()}


def columns(dataset):
    return {field.name: field.type for field in dataset.fields}


POSTGRESQL = """
-- users; and more;
CREATE TABLE IF NOT EXISTS public.users (
  id bigserial PRIMARY KEY, email varchar(200) NOT NULL, born date, at timestamptz DEFAULT now(),
  score numeric(10,2), meta jsonb, tags text[], photo bytea, token uuid, active boolean,
  org_id int REFERENCES orgs (id), CONSTRAINT c CHECK (email <> ';')
);
COMMENT ON COLUMN public.users.email IS 'where we write; to';
CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $body$ BEGIN CREATE TABLE nothing(a int); END $body$;
CREATE INDEX i ON users (email);
ALTER TABLE public.users OWNER TO app;
ALTER TABLE ONLY public.users ADD CONSTRAINT u UNIQUE (email);
INSERT INTO users (email) VALUES ('canary.a@example.org'), ('x;y');
COPY users (email) FROM stdin;
canary.b@example.org;
CREATE TABLE never(a int);
\\.
CREATE TABLE orgs (id int, name text, PRIMARY KEY (id));
GRANT SELECT ON users TO x;
"""
MYSQL = """
# a comment; with a mark
CREATE TABLE `users` (`id` int unsigned NOT NULL AUTO_INCREMENT COMMENT 'the key; of it',
  `e-mail` varchar(80), `kind` enum('a;b','c'), PRIMARY KEY (`id`), KEY `k` (`kind`),
  CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `people` (`no`)) ENGINE=InnoDB;
ALTER TABLE `users` CHANGE `e-mail` `email` varchar(200), ADD COLUMN `phone` varchar(20) AFTER `id`;
RENAME TABLE users TO accounts;
"""


def test_postgresql(tmp_path):
    found = schema(tmp_path, POSTGRESQL)
    assert list(found) == ["orgs", "public/users"]
    users = found["public/users"]
    assert columns(users) == {
        "id": "integer", "email": "string", "born": "date", "at": "timestamp", "score": "number",
        "meta": "json", "tags": "json", "photo": "binary", "token": "string", "active": "boolean",
        "org_id": "integer",
    }  # fmt: skip
    email = users.fields[1]
    assert (email.nullable, email.comment) == (False, "where we write; to")
    assert users.fields[-1].references == "ddl://migrations/orgs#id"


def test_mysql(tmp_path):
    found = schema(tmp_path, MYSQL)
    assert list(found) == ["accounts"]
    assert columns(found["accounts"]) == {
        "id": "integer", "email": "string", "kind": "string", "phone": "string"
    }  # fmt: skip
    assert found["accounts"].fields[0].comment == "the key; of it"
    assert found["accounts"].fields[0].references == "ddl://migrations/people#no"


def test_migrations_change_what_earlier_ones_made(tmp_path):
    found = schema(
        tmp_path,
        "CREATE TABLE users(id int, old text, a text, note text); CREATE TABLE gone(a int);",
        "CREATE TABLE b(x int); ALTER TABLE users ADD COLUMN phone text, DROP COLUMN old;",
        "ALTER TABLE users RENAME COLUMN a TO email; DROP TABLE gone, b",
        "ALTER TABLE users ALTER COLUMN note TYPE jsonb; ALTER TABLE users RENAME TO people",
        "ALTER TABLE elsewhere ADD COLUMN passport_number text; CREATE TEMP TABLE t(a int)",
        "CREATE TABLE copy AS SELECT email, phone AS tel FROM people; CREATE TABLE like_it (LIKE people)",
        "CREATE TABLE IF NOT EXISTS people(other int)",
    )
    noted = found.pop("004.sql")
    assert noted.skip == "a table that is not created here is changed, in line 1"
    assert noted.planned, "its columns are listed"
    assert {name: list(columns(dataset)) for name, dataset in found.items()} == {
        "copy": ["email", "tel"],
        "elsewhere": ["passport_number"],
        "like_it": ["id", "email", "note", "phone"],
        "people": ["id", "email", "note", "phone"],
    }
    assert columns(found["people"])["note"] == "json"


def test_what_is_not_understood_is_named_by_its_line(tmp_path, capsys):
    found = schema(
        tmp_path,
        "CREATE TABLE a(x int);\n\nCREATE TABLE canary_b(x int,,) WITH BLA (;\nCREATE TABLE c(y text);\n",
        "SELECT broken FROM (;\n",
    )
    fault = found.pop("000.sql")
    assert "1 statement was not understood, from line 3 on" in fault.skip
    assert not fault.planned
    assert list(found) == ["a", "c"]
    assert "canary" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no statement in it"),
        ("-- to be done\n", "there is no statement in it"),
        ("Dear all,\nfind the schema below.\n", "no statement in it was understood; 1 statement was not"),
        ("CREATE INDEX i ON a (b);\n\nCRAETE TABLE c (d int);\n", "not understood, from line 3 on"),
        ("CREATE INDEX i ON a (b);\nCREATE TABEL c (d int);\n", "not understood, from line 2 on"),
        ("CREATE TABLE a (b int);\n\0\1\2", "it is no text: a control character in line 2"),
    ],
)
def test_a_file_that_is_no_schema_says_so(tmp_path, text, said):
    fault = schema(tmp_path, text)["000.sql"]
    assert said in fault.skip
    assert not fault.planned


def test_an_empty_migration_among_others_is_no_gap(tmp_path):
    found = schema(tmp_path, "CREATE TABLE a (b int);", "-- to be done\n", "")
    assert [found[name].planned for name in ("001.sql", "002.sql")] == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "CREATE INDEX i ON a (b);",
        "\\connect shop\nSET x = 1;\nCREATE TABLE a (b int);",
        "CREATE PROCEDURE p() BEGIN DECLARE n INT; x: LOOP LEAVE x; END LOOP; END;\nCREATE TABLE a(b int)",
        "/*!40101 SET NAMES utf8 */;\n"
        "CREATE DEFINER=`a`@`b` TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN\n"
        "  ELSEIF 1; END;\n",
    ],
)
def test_what_says_nothing_of_tables_is_no_gap(tmp_path, text):
    assert not any(name.endswith(".sql") for name in schema(tmp_path, text))


def test_a_lone_file_of_any_name_is_read_and_a_folder_without_one_says_so(tmp_path):
    lone = tmp_path / "schema.txt"
    lone.write_text("CREATE TABLE a(email text);")
    assert [d.name for d in opened(lone).datasets()] == ["a"]
    with pytest.raises(SourceError, match="no schema file"):
        list(opened(tmp_path).datasets())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nmodel User {\n  email String\n", "a block is never closed, from line 2 on"),
        ("model User {\n  email String\n\nmodel Other {\n  id Int\n}\n", "never closed, from line 1 on"),
        ("nothing of it\n", "no model stands in it"),
        ('generator client { provider = "x" }\n', ""),
        ("type Empty {}\n", ""),
    ],
)
def test_a_prisma_schema_that_is_broken_says_where(tmp_path, text, said):
    path = tmp_path / "schema.prisma"
    path.write_text(text)
    faults = [d for d in opened(path).datasets() if d.skip]
    assert [said in fault.skip and not fault.planned for fault in faults] == [True] * bool(said)


def test_statements_are_cut_where_they_end():
    text = "a;\n-- b;\nc ';' \"d;\" `e;`;/* ; */ f $$ ; $$;\n\ng 'it''s;'"
    assert [(s.text, s.line) for s in statements(text)] == [
        ("a", 1),
        ("c ';' \"d;\" `e;`", 3),
        ("f $$ ; $$", 3),
        ("g 'it''s;'", 5),
    ]
    assert list(statements("-- nothing\n")) == []
    assert [s.text for s in statements("a 'open;")] == ["a 'open;"]


PRISMA = """
datasource db { provider = "postgresql" }
/// people who book
model User {
  id        Int      @id @default(autoincrement())
  /// where we write to
  email     String   @unique @map("email_address")
  birth     DateTime?
  tags      String[]
  role      Role     @default(USER)
  bookings  Booking[]
  @@map("users")
}
enum Role {
  USER
}
model Booking {
  id      BigInt @id
  userId  Int    @map("user_id")
  user    User   @relation(fields: [userId], references: [id])
  notes   Json   /// what guests wrote
  @@schema("app")
}
"""


def test_prisma(tmp_path):
    path = tmp_path / "schema.prisma"
    path.write_text(PRISMA)
    found = {"/".join(d.path): d for d in opened(path).datasets()}
    assert list(found) == ["app/Booking", "users"]
    assert columns(found["users"]) == {
        "id": "integer", "email_address": "string", "birth": "timestamp", "tags": "json", "role": "string"
    }  # fmt: skip
    assert found["users"].fields[1].comment == "where we write to"
    assert found["users"].fields[2].nullable is True
    booking = found["app/Booking"]
    assert columns(booking) == {"id": "integer", "user_id": "integer", "notes": "json"}
    assert booking.fields[1].references == "ddl://schema/users#id"
    assert booking.fields[2].comment == "what guests wrote"


def test_it_takes_schemas_and_leaves_dumps_to_others(tmp_path):
    made = tmp_path / "made"
    made.mkdir()
    (made / "1.sql").write_text("CREATE TABLE a(b int);")
    dump = tmp_path / "dump.sql"
    dump.write_text("CREATE TABLE a(b int); INSERT INTO a VALUES (1);")
    assert CONNECTOR.matches(str(made)) > 8
    assert CONNECTOR.matches(str(made / "1.sql")) > 8
    assert CONNECTOR.matches(f"ddl:{dump}") > 8
    assert CONNECTOR.matches(str(dump)) == 0
    (made / "readme.txt").write_text("x")
    assert CONNECTOR.matches(str(made)) == 0
    assert CONNECTOR.matches("postgresql://h/d") == 0


def test_there_are_no_rows(tmp_path):
    (tmp_path / "a.sql").write_text("CREATE TABLE a(email text);")
    connector = opened(tmp_path)
    (dataset,) = connector.datasets()
    (shard,) = connector.shards(dataset, Plan())
    assert [type(item) for item in connector.read(shard)] == [Note]


@pytest.mark.parametrize(
    "damage", [b"", b"\x00" * 100, b"\xff\xfeC\x00", b"CREATE TABLE x(" * 3000, b"((" * 50_000]
)
def test_damaged_files_end_with_a_line(tmp_path, damage):
    (tmp_path / "a.sql").write_bytes(damage)
    (tmp_path / "b.sql").write_text("CREATE TABLE b(email text);")
    assert "b" in {d.name for d in opened(tmp_path).datasets()}


def test_a_new_personal_column_is_known_before_it_exists(tmp_path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "001.sql").write_text("CREATE TABLE guests(id int, passport_number text, colour text);")
    done = run(tmp_path, "scan", "ddl:migrations", "-f", "json")
    assert done.returncode == 0, done.stderr
    told = {
        f["path"][-1]: [d["category"] for d in f["detections"]] for f in json.loads(done.stdout)["fields"]
    }
    assert told["passport_number"] == ["user.government_id.passport_number"]
    assert told.get("colour", []) == []


def test_statements_are_told_with_their_place_and_the_source_that_they_run_in(tmp_path):
    folder = tmp_path / "jobs"
    folder.mkdir()
    (folder / "a.sql").write_text("-- nightly\nINSERT INTO b SELECT 1;\n\\copy b TO 'x.csv'\nSELECT 2;\n")
    (folder / "schema.prisma").write_text("model A { id Int @id }\n")
    queries = list(opened(folder, runs_in="app", dialect="snowflake").queries())
    assert [(q.where, q.sql, q.store, q.dialect) for q in queries if q.sql] == [
        ("a.sql line 2", "INSERT INTO b SELECT 1", "app", "snowflake"),
        ("a.sql line 3", "COPY b TO 'x.csv'", "app", "snowflake"),
        ("a.sql line 4", "SELECT 2", "app", "snowflake"),
    ]
