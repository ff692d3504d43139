using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Sql;

public class DoBlockTests
{
    [Theory]
    [InlineData("DO $$ BEGIN CREATE TYPE status AS ENUM ('a', 'b'); EXCEPTION WHEN duplicate_object THEN null; END $$")]
    [InlineData("DO $$\nBEGIN\n  IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'status') THEN\n    CREATE TYPE status AS ENUM ('a');\n  END IF;\nEND\n$$ LANGUAGE plpgsql;")]
    [InlineData("DO LANGUAGE plpgsql $body$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN CREATE ROLE reader; END IF; END; $body$")]
    [InlineData("DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'reader') THEN GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; ELSE RAISE NOTICE 'no %', 'reader'; END IF; END $$")]
    [InlineData("DO $$ DECLARE n int; BEGIN SELECT count(*) INTO n FROM pg_indexes WHERE indexname = 'i'; IF n = 0 THEN CREATE TABLE t (a int); ELSIF n = 1 THEN NULL; END IF; END $$")]
    [InlineData("DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'x') THEN EXECUTE 'CREATE TABLE t (a int)'; END IF; END $$")]
    [InlineData("DO $$ BEGIN BEGIN ALTER TABLE t ADD COLUMN a int; EXCEPTION WHEN duplicate_column OR undefined_table THEN RAISE NOTICE 'there'; END; END $$")]
    public void What_only_makes_something_under_a_condition_is_additive(string sql) => Judge(sql).IsAdditive();

    [Theory]
    [InlineData("DO $$ BEGIN DROP TABLE bookings; END $$", "drop-table")]
    [InlineData("DO $$ BEGIN IF EXISTS (SELECT 1) THEN DROP TABLE bookings; END IF; END $$", "drop-table")]
    [InlineData("DO $$ BEGIN IF a THEN NULL; ELSE UPDATE bookings SET note = ''; END IF; END $$", "update-rows")]
    [InlineData("DO $$ BEGIN NULL; EXCEPTION WHEN others THEN DELETE FROM bookings; END $$", "delete-rows")]
    [InlineData("DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN ALTER TABLE bookings ADD COLUMN a int NOT NULL; END IF; END $$", "add-required-column")]
    [InlineData("DO $$ BEGIN DO 'BEGIN DROP TABLE bookings; END'; END $$", "drop-table")]
    public void What_it_does_to_old_things_is_told(string sql, string rule) => Judge(sql).Is(Verdict.Breaking, rule);

    [Theory]
    [InlineData("DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'x'); END $$")]
    [InlineData("DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'x'; END $$")]
    [InlineData("DO $$ BEGIN EXECUTE 'SELECT $1' USING 1; END $$")]
    [InlineData("DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP CREATE TABLE t (a int); END LOOP; END $$")]
    [InlineData("DO $$ BEGIN PERFORM tidy(); END $$")]
    [InlineData("DO $$ BEGIN IF tidy() THEN NULL; END IF; END $$")]
    [InlineData("DO $$ DECLARE a int := tidy(); BEGIN NULL; END $$")]
    [InlineData("DO $$ BEGIN a := tidy(); END $$")]
    [InlineData("DO $$ import os $$ LANGUAGE plpython3u")]
    [InlineData("DO $$ BEGIN IF a THEN NULL; END $$")]
    [InlineData("DO $$ BEGIN CREATE TABLE t (a int) END $$")]
    [InlineData("DO $$ BEGIN CALL tidy(); END $$")]
    [InlineData("DO $$ BEGIN NULL; END $$ x")]
    [InlineData("DO $$ BEGIN END $$")]
    [InlineData("DO $$ BEGIN EXECUTE 'DROP TABLE bookings'; END $$")]
    public void What_is_put_together_or_called_is_unknown(string sql) => Judge(sql).Is(Verdict.Unknown, "not-understood");

    [Fact]
    public void A_type_that_may_have_been_there_is_not_new() =>
        Judge("DO $$ BEGIN CREATE TYPE status AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$; DROP TYPE status").Is(Verdict.Breaking, "drop-type");
}
