"""How an event joins its chain. docs/history.md says what this proves and what it does not."""

from django.db import migrations

# Of the table's owner, and nobody else's to call. One writer of a chain at a time: the chain's row is
# locked until the transaction ends. Times stand in the row's text in UTC, whatever the session shows.
APPEND = """
CREATE FUNCTION history_append(of_course BIGINT, of_term BIGINT, source TEXT, event BIGINT, content RECORD)
RETURNS VOID LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
SET bytea_output = 'hex' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 AS $$
DECLARE
    place BIGINT;
    last_number INTEGER;
    last_digest BYTEA;
BEGIN
    LOOP
        SELECT id INTO place FROM schools_historychain
        WHERE COALESCE(course_id, 0) = COALESCE(of_course, 0) AND COALESCE(term_id, 0) = COALESCE(of_term, 0)
        FOR NO KEY UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO schools_historychain (course_id, term_id) VALUES (of_course, of_term)
        ON CONFLICT DO NOTHING;
    END LOOP;
    SELECT number, digest INTO last_number, last_digest FROM schools_historylink
    WHERE chain_id = place ORDER BY number DESC LIMIT 1;
    IF NOT FOUND THEN
        SELECT until, decode(digest, 'hex') INTO last_number, last_digest FROM schools_historyretirement
        WHERE chain_id = place ORDER BY until DESC LIMIT 1;
    END IF;
    INSERT INTO schools_historylink (chain_id, number, event_table, event, width, digest)
    VALUES (
        place,
        COALESCE(last_number, 0) + 1,
        source,
        event,
        (SELECT count(*) FROM json_object_keys(row_to_json(content))),
        sha256(
            COALESCE(
                last_digest,
                sha256(convert_to(
                    'course ' || COALESCE(of_course, 0) || ' term ' || COALESCE(of_term, 0), 'UTF8'
                ))
            ) || convert_to(content::TEXT, 'UTF8')
        )
    );
END
$$;
REVOKE EXECUTE ON FUNCTION history_append FROM PUBLIC;
"""
# What triggers call. It works with the owner's rights, so that the application needs none on the chains,
# and only below two triggers: that of a table whose row changed, and that of the table of its events.
CHAIN_EVENT = """
CREATE FUNCTION history_chain_event(
    of_course BIGINT, of_term BIGINT, source TEXT, event BIGINT, content RECORD
)
RETURNS VOID LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'Events are written by the triggers of what they tell of.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM history_append(of_course, of_term, source, event, content);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("schools", "0009_history_chains")]

    operations = [
        migrations.RunSQL(APPEND, "DROP FUNCTION history_append"),
        migrations.RunSQL(CHAIN_EVENT, "DROP FUNCTION history_chain_event"),
    ]
